package io.tramontane.app.report;

import io.tramontane.cluster.evaluation.Estimate;
import io.tramontane.cluster.run.RunFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The numbers of a run for a program that compares several. */
public final class RunNumbers {
    private static final int MOST_POINTS = 300;
    private static final String INTERRUPTED = "interrupted";

    private final RunFolder folder;
    private final RunSummary summary;

    private RunNumbers(RunFolder folder, RunSummary summary) {
        this.folder = folder;
        this.summary = summary;
    }

    /** What a run has written so far. */
    public static RunNumbers of(RunFolder folder) {
        return new RunNumbers(folder, RunSummary.of(MetricsLog.read(folder)));
    }

    /** True when the run has ended by itself: neither by a failure nor by an interruption, after which it can be resumed. */
    public boolean isFinished() {
        boolean interrupted = summary.end().text("reason").equals(INTERRUPTED);
        return summary.isFinished() && summary.failure().isEmpty() && !interrupted;
    }

    /** Steps done. */
    public int steps() {
        return summary.steps();
    }

    /** Seconds of training, without evaluation. */
    public double trainSeconds() {
        return summary.trainSeconds();
    }

    /** Day of the newest start, as 2026-01-31; empty where it is not known. */
    public String day() {
        String time = summary.start().text("time");
        return time.length() < 10 ? "" : time.substring(0, 10);
    }

    /** A number of the evaluation of a step, or of the newest one; a name with dots lies in an object. NaN if it is absent. */
    public double evaluated(String name, OptionalInt step) {
        Row row = RunEvaluation.of(folder, summary, step).row();
        String[] path = name.split("\\.");
        for (int i = 0; i < path.length - 1; i++) row = row.inner(path[i]);
        return row.number(path[path.length - 1]);
    }

    /** A column of the steps, oldest first; what was not measured is left out. */
    public double[] trained(String name) {
        return summary.train().stream()
                .mapToDouble(row -> row.number(name))
                .filter(Double::isFinite)
                .toArray();
    }

    /** One of the charts' columns, thinned to a few hundred steps. */
    public Map<String, Object> columns() {
        return ReportData.columns(ReportData.spread(summary.train(), MOST_POINTS));
    }

    /** Evaluations by step, as they were written. */
    public List<Map<String, Object>> evaluations() {
        return summary.eval().stream().map(Row::values).toList();
    }

    /**
     * How much larger {@code correctness} or {@code languageConsistency} is in one evaluation than in another, problem by
     * problem where both kept them; empty for other numbers and where an evaluation is missing. Without a step the newest.
     */
    public static Optional<Estimate> difference(
            String name, RunNumbers of, OptionalInt ofStep, RunNumbers against, OptionalInt againstStep) {
        if (!List.of("correctness", "languageConsistency").contains(name)) return Optional.empty();
        return EvaluationDifference.of(
                        RunEvaluation.of(against.folder, against.summary, againstStep),
                        RunEvaluation.of(of.folder, of.summary, ofStep))
                .map(d -> name.equals("correctness") ? d.correctness() : d.inOneLanguage());
    }
}
