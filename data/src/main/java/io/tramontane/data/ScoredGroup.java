package io.tramontane.data;

import java.io.Serializable;
import java.util.List;

/**
 * A group whose completions all have a reward. Aligned: {@code rewards.get(i)} belongs to
 * {@code group.completions().get(i)}. UNSCORED completions have left before this record is made.
 */
public record ScoredGroup(Group group, List<RewardBreakdown> rewards) implements Serializable {

    /** Checks the alignment and that every completion has a reward. */
    public ScoredGroup {
        rewards = List.copyOf(rewards);
        if (rewards.size() != group.completions().size()) {
            throw new IllegalArgumentException("group " + group.id() + ": " + rewards.size() + " rewards for "
                    + group.completions().size() + " completions");
        }
        for (RewardBreakdown reward : rewards) {
            if (reward.reward().isEmpty())
                throw new IllegalArgumentException("group " + group.id() + " holds an unscored completion");
        }
    }

    /** [G] the rewards r_i. */
    public double[] values() {
        return rewards.stream().mapToDouble(r -> r.reward().getAsDouble()).toArray();
    }

    /** True when all rewards are equal: the group teaches nothing and is dropped (paper section 2.1). */
    public boolean isZeroSignal() {
        double[] values = values();
        for (double value : values) if (Math.abs(value - values[0]) > 1e-9) return false;
        return true;
    }
}
