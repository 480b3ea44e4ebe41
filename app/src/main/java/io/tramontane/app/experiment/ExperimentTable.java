package io.tramontane.app.experiment;

import io.tramontane.app.experiment.ExperimentResult.Finished;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The result as a table of text: a row for each arm, means over its finished seeds. */
final class ExperimentTable {
    private ExperimentTable() {}

    /**
     * A row.
     *
     * @param cells by column: mean and, with more seeds, the largest distance of a seed from it
     */
    record Row(String arm, int seeds, String steps, List<String> cells) {}

    static List<Row> rows(ExperimentResult result) {
        List<Row> rows = new ArrayList<>();
        for (Experiment.Arm arm : result.experiment().arms()) {
            List<Finished> runs = result.runs().stream()
                    .filter(run -> run.arm().equals(arm.name()) && run.done())
                    .toList();
            if (runs.isEmpty()) continue;
            List<String> cells = result.experiment().table().stream()
                    .map(name -> cell(Metric.of(name), runs, name))
                    .toList();
            String steps = runs.stream()
                    .map(run -> String.valueOf(run.steps()))
                    .distinct()
                    .collect(Collectors.joining(", "));
            rows.add(new Row(arm.name(), runs.size(), steps, cells));
        }
        return rows;
    }

    private static String cell(Metric metric, List<Finished> runs, String name) {
        double[] before = runs.stream()
                .mapToDouble(run -> run.values().get(name)[0])
                .filter(Double::isFinite)
                .toArray();
        double[] after = runs.stream()
                .mapToDouble(run -> run.values().get(name)[1])
                .filter(Double::isFinite)
                .toArray();
        String first = before.length == 0 ? "" : metric.text(mean(before)) + " → ";
        return first + spread(metric, after);
    }

    private static String spread(Metric metric, double[] values) {
        if (values.length == 0) return "–";
        double mean = mean(values);
        double most = Arrays.stream(values).map(v -> Math.abs(v - mean)).max().orElseThrow();
        if (values.length == 1) return metric.text(mean);
        return metric.text(mean) + " ± " + metric.text(most, mean).replace(" %", "");
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }

    /** Our setting in one line, from what was run. */
    static String setting(ExperimentResult result) {
        List<Finished> done = result.runs().stream().filter(Finished::done).toList();
        if (done.isEmpty()) return "nothing is finished";
        String days = done.stream().map(Finished::day).distinct().sorted().collect(Collectors.joining(", "));
        List<String> seeds = done.stream()
                .map(Finished::seed)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .toList();
        double minutes = done.stream().mapToDouble(Finished::seconds).average().orElse(0) / 60;
        return String.format(
                Locale.ROOT,
                "%s, %s; %s %s; %s of %.1f minutes of training%s; %s",
                result.experiment().base().replaceFirst(".*/", ""),
                result.experiment().set().isEmpty()
                        ? "as it is"
                        : String.join(", ", result.experiment().set()),
                seeds.size() == 1 ? "seed" : "seeds",
                String.join(", ", seeds),
                done.size() == 1 ? "one run" : done.size() + " runs",
                minutes,
                done.size() == 1 ? "" : " on average",
                days);
    }

    /** For docs/experiments.md: everything in it is derived from the numbers and the file. */
    static String markdown(ExperimentResult result) {
        Experiment experiment = result.experiment();
        StringBuilder text = new StringBuilder("### " + experiment.name() + ": " + experiment.title() + "\n\n");
        text.append(experiment.question()).append("\n\n");
        if (experiment.hasPaper())
            text.append("- Paper (")
                    .append(experiment.paper().where())
                    .append("): ")
                    .append(experiment.paper().finding())
                    .append('\n');
        text.append("- Here: ").append(setting(result)).append(".\n");
        text.append("- ").append(result.conclusion()).append("\n\n");
        text.append("| arm | seeds | steps |");
        experiment.table().forEach(name -> text.append(' ')
                .append(Metric.of(name).label())
                .append(" |"));
        text.append("\n|---|---|---|")
                .append("---|".repeat(experiment.table().size()))
                .append('\n');
        for (Row row : rows(result)) {
            text.append("| ")
                    .append(row.arm())
                    .append(" | ")
                    .append(row.seeds())
                    .append(" | ")
                    .append(row.steps())
                    .append(" |");
            row.cells().forEach(cell -> text.append(' ').append(cell).append(" |"));
            text.append('\n');
        }
        text.append('\n');
        result.judged()
                .forEach(each -> text.append("- ").append(each.sentence()).append('\n'));
        experiment.notes().forEach(note -> text.append("- Scale: ").append(note).append('\n'));
        return text.toString();
    }
}
