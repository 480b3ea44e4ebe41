package io.tramontane.cluster.roles;

import io.tramontane.data.Batch;
import io.tramontane.data.Completion;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import io.tramontane.trainer.StepReport;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** What happened since the last step; makes the "train" row of metrics.jsonl. */
final class StepWindow {
    private final List<ScoredGroup> scored = new ArrayList<>();
    private final List<Double> syncSeconds = new ArrayList<>();
    private Batch batch;
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

    /** The batch that the next step trains on. */
    synchronized void taken(Batch next) {
        batch = next;
    }

    /** A generator swapped. */
    synchronized void swapped(double kl, double seconds) {
        canaryKl = kl;
        syncSeconds.add(seconds);
    }

    /** The batch in training; null when the trainer only repeats recorded steps. */
    synchronized Batch batch() {
        return batch;
    }

    /** The row of a step, and a new window. */
    synchronized Map<String, Object> close(StepReport report, boolean synchronous, double seconds, Idle idle) {
        List<ScoredGroup> groups = scored.isEmpty() && batch != null ? batch.groups() : scored;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "train");
        row.put("step", report.step());
        row.put("policyVersion", report.step());
        rewards(row, groups);
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
        row.put("multiVersionShare", multiVersionShare());
        row.put("zeroSignalShare", groups.isEmpty() ? Double.NaN : (double) dropped / groups.size());
        row.put("gradNorm", report.gradNorm());
        row.put("learningRate", report.learningRate());
        row.put("completionTokens", report.completionTokens());
        row.put("tokensPerSecond", report.completionTokens() / seconds);
        row.put("generatorIdle", idle.generator());
        row.put("trainerIdle", idle.trainer());
        row.put("verifierIdle", idle.verifier());
        row.put("weightSyncSeconds", sync());
        row.put("seconds", seconds);
        scored.clear();
        syncSeconds.clear();
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

    private static void rewards(Map<String, Object> row, List<ScoredGroup> groups) {
        row.put("reward", mean(groups, r -> r.reward().orElse(0)));
        row.put("rewardFormat", mean(groups, RewardBreakdown::format));
        row.put("rewardCorrectness", mean(groups, RewardBreakdown::correctness));
        row.put("rewardLength", mean(groups, RewardBreakdown::length));
        row.put("rewardLanguage", mean(groups, RewardBreakdown::language));
        for (String name : extras(groups))
            row.put("reward." + name, mean(groups, r -> r.extra().getOrDefault(name, 0.0)));
        quantiles(row, "reward", rewards(groups).mapToDouble(r -> r.reward().orElse(0)));
        row.put("groups", groups.size());
        row.put("completions", rewards(groups).count());
        row.put("languageUndecided", undecided(groups));
        row.put("lengthMean", meanOf(groups, Completion::length));
        quantiles(row, "length", completions(groups).mapToDouble(Completion::length));
        row.put("truncatedShare", meanOf(groups, c -> c.finished() ? 0 : 1));
    }

    /** Of all parts (problem, thoughts, answer) that were asked for their language, those too short to have one. */
    private static double undecided(List<ScoredGroup> groups) {
        return groups.stream()
                .flatMap(g -> g.rewards().stream())
                .flatMap(r -> r.languages().stream())
                .mapToDouble(language -> language.equals(RewardBreakdown.UNDECIDED) ? 1 : 0)
                .average()
                .orElse(Double.NaN);
    }

    /** Names of the user's own rewards; a completion that failed the format gate has none of them. */
    private static Set<String> extras(List<ScoredGroup> groups) {
        Set<String> names = new LinkedHashSet<>();
        for (ScoredGroup group : groups)
            for (RewardBreakdown reward : group.rewards())
                names.addAll(reward.extra().keySet());
        return names;
    }

    private static double mean(List<ScoredGroup> groups, ToDoubleFunction<RewardBreakdown> part) {
        return rewards(groups).mapToDouble(part).average().orElse(Double.NaN);
    }

    private static Stream<RewardBreakdown> rewards(List<ScoredGroup> groups) {
        return groups.stream().flatMap(g -> g.rewards().stream());
    }

    private static Stream<Completion> completions(List<ScoredGroup> groups) {
        return groups.stream().flatMap(g -> g.group().completions().stream());
    }

    /** The smallest values that 10, 50 and 90 in 100 do not exceed. */
    private static void quantiles(Map<String, Object> row, String name, DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        for (int percent : new int[] {10, 50, 90}) {
            int rank = (int) Math.ceil(percent / 100.0 * sorted.length) - 1;
            row.put(name + "P" + percent, sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank)]);
        }
    }

    private static double meanOf(List<ScoredGroup> groups, ToDoubleFunction<Completion> part) {
        return completions(groups).mapToDouble(part).average().orElse(Double.NaN);
    }

    private double multiVersionShare() {
        if (batch == null) return Double.NaN;
        return meanOf(batch.groups(), c -> c.oldestVersion() == c.newestVersion() ? 0 : 1);
    }

    private double sync() {
        lastSync = syncSeconds.stream().mapToDouble(s -> s).average().orElse(lastSync);
        return lastSync;
    }
}
