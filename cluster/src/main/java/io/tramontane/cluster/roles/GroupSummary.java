package io.tramontane.cluster.roles;

import io.tramontane.data.Completion;
import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Means and quantiles of scored groups, of which it keeps no group. */
final class GroupSummary {
    /** The means of rewards, in the order of their columns. */
    private static final List<String> REWARDS =
            List.of("reward", "rewardFormat", "rewardCorrectness", "rewardLength", "rewardLanguage");

    private final Map<String, DoubleSummaryStatistics> rewards = new LinkedHashMap<>();
    private final Map<String, DoubleSummaryStatistics> extras = new LinkedHashMap<>();
    private final DoubleSummaryStatistics undecided = new DoubleSummaryStatistics();
    private final DoubleSummaryStatistics lengths = new DoubleSummaryStatistics();
    private final DoubleSummaryStatistics truncated = new DoubleSummaryStatistics();
    private final Quantiles rewardValues = new Quantiles();
    private final Quantiles lengthValues = new Quantiles();
    private int groups;
    private long completions;

    GroupSummary() {
        for (String name : REWARDS) rewards.put(name, new DoubleSummaryStatistics());
    }

    static GroupSummary of(List<ScoredGroup> groups) {
        GroupSummary summary = new GroupSummary();
        groups.forEach(summary::add);
        return summary;
    }

    void add(ScoredGroup group) {
        groups++;
        group.rewards().forEach(this::add);
        group.group().completions().forEach(this::add);
    }

    private void add(RewardBreakdown reward) {
        double sum = reward.reward().orElse(0);
        rewards.get("reward").accept(sum);
        rewards.get("rewardFormat").accept(reward.format());
        rewards.get("rewardCorrectness").accept(reward.correctness());
        rewards.get("rewardLength").accept(reward.length());
        rewards.get("rewardLanguage").accept(reward.language());
        reward.extra().keySet().forEach(name -> extras.computeIfAbsent(name, key -> new DoubleSummaryStatistics()));
        extras.forEach((name, values) -> values.accept(reward.extra().getOrDefault(name, 0.0)));
        for (String language : reward.languages()) undecided.accept(language.equals(RewardBreakdown.UNDECIDED) ? 1 : 0);
        rewardValues.add(sum);
        completions++;
    }

    private void add(Completion completion) {
        lengths.accept(completion.length());
        lengthValues.add(completion.length());
        truncated.accept(completion.finished() ? 0 : 1);
    }

    int groups() {
        return groups;
    }

    /** Adds the columns of rewards and lengths to a row. */
    void addTo(Map<String, Object> row) {
        rewards.forEach((name, values) -> row.put(name, mean(values)));
        // a completion that failed the format gate has none of the user's own rewards: it counts as 0
        extras.forEach((name, values) -> row.put("reward." + name, values.getSum() / completions));
        rewardValues.addTo(row, "reward");
        row.put("groups", groups);
        row.put("completions", completions);
        row.put("languageUndecided", mean(undecided));
        row.put("lengthMean", mean(lengths));
        lengthValues.addTo(row, "length");
        row.put("truncatedShare", mean(truncated));
    }

    private static double mean(DoubleSummaryStatistics values) {
        return values.getCount() == 0 ? Double.NaN : values.getAverage();
    }
}
