package io.tramontane.cluster.roles;

import io.tramontane.data.Batch;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.StepReport;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What happened since the last step, in sums: however many groups come, its memory stays the same. Makes the "train" row of metrics.jsonl. */
final class StepWindow {
    private GroupSummary scored = new GroupSummary();
    private DoubleSummaryStatistics syncSeconds = new DoubleSummaryStatistics();
    private final NavigableMap<Integer, Batch> batches = new TreeMap<>(); // of steps that are not closed
    private int dropped;
    private int judged;
    private int unscored;
    private final Map<RewardBreakdown.Verdict, Integer> verdicts = new EnumMap<>(RewardBreakdown.Verdict.class);
    private double canaryKl = Double.NaN;
    private double lastSync = Double.NaN;

    /** Shares of time that each role waited since the last step. */
    record Idle(double generator, double trainer, double verifier) {}

    /** Rewards came in, UNSCORED ones too. */
    synchronized void judged(List<RewardBreakdown> rewards) {
        judged += rewards.size();
        for (RewardBreakdown reward : rewards) verdicts.merge(reward.verdict(), 1, Integer::sum);
        unscored += (int) rewards.stream().filter(r -> r.reward().isEmpty()).count();
    }

    /** A group got its rewards; dropped ones count too, so that filtering does not fake progress. */
    synchronized void scored(ScoredGroup group, boolean kept) {
        scored.add(group);
        if (!kept) dropped++;
    }

    /** A batch that a step trains on: the next one, or the one after it, where the step before is not reported yet. */
    synchronized void taken(Batch next) {
        batches.headMap(next.step() - 1).clear();
        batches.put(next.step(), next);
    }

    /** A generator swapped. */
    synchronized void swapped(double kl, double seconds) {
        canaryKl = kl;
        syncSeconds.accept(seconds);
    }

    /** The batch of a step that is not closed yet; null when there is none. */
    synchronized Batch batch(int step) {
        return batches.get(step);
    }

    /** The row of a step, and a new window. */
    synchronized Map<String, Object> close(StepReport report, boolean synchronous, double seconds, Idle idle) {
        Batch batch = batches.get(report.step());
        GroupSummary groups = scored.groups() == 0 && batch != null ? GroupSummary.of(batch.groups()) : scored;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "train");
        row.put("step", report.step());
        row.put("policyVersion", report.step());
        groups.addTo(row);
        row.put("verdicts", verdictCounts());
        row.put("unscoredShare", judged == 0 ? Double.NaN : (double) unscored / judged);
        row.put("objective", report.objective());
        row.put("entropy", report.entropy());
        row.put("clipLowShare", report.clipLowShare());
        row.put("clipHighShare", report.clipHighShare());
        row.put("mismatchKl", synchronous ? report.behaviourKl() : canaryKl);
        row.put("behaviourKl", report.behaviourKl());
        row.putAll(report.others());
        row.put("lagMean", report.lagMean());
        row.put("lagMax", report.lagMax());
        row.put("multiVersionShare", multiVersionShare(batch));
        row.put("zeroSignalShare", groups.groups() == 0 ? Double.NaN : (double) dropped / groups.groups());
        row.put("gradNorm", report.gradNorm());
        row.put("learningRate", report.learningRate());
        row.put("completionTokens", report.completionTokens());
        row.put("tokensPerSecond", report.completionTokens() / seconds);
        row.put("generatorIdle", idle.generator());
        row.put("trainerIdle", idle.trainer());
        row.put("verifierIdle", idle.verifier());
        row.put("weightSyncSeconds", sync());
        row.put("seconds", seconds);
        batches.headMap(report.step(), true).clear();
        scored = new GroupSummary();
        syncSeconds = new DoubleSummaryStatistics();
        dropped = 0;
        judged = 0;
        unscored = 0;
        verdicts.clear();
        return row;
    }

    private Map<String, Integer> verdictCounts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        verdicts.forEach((verdict, count) -> counts.put(verdict.name(), count));
        return counts;
    }

    private static double multiVersionShare(Batch batch) {
        if (batch == null) return Double.NaN;
        return batch.groups().stream()
                .flatMap(g -> g.group().completions().stream())
                .mapToDouble(c -> c.oldestVersion() == c.newestVersion() ? 0 : 1)
                .average()
                .orElse(Double.NaN);
    }

    private double sync() {
        if (syncSeconds.getCount() > 0) lastSync = syncSeconds.getAverage();
        return lastSync;
    }
}
