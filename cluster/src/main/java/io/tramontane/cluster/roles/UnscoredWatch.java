package io.tramontane.cluster.roles;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Ends a run whose completions cannot be scored, be it for a reward of the user's own that throws or for a missing sandbox:
 * it would sample for ever and train nothing. Completions that fail the format gate say nothing about the rewards behind it.
 */
final class UnscoredWatch {
    private final int most;
    private int row;
    private int all;
    private String reason = "";

    /**
     * Nothing judged yet.
     *
     * @param most groups in a row that may be without scores
     */
    UnscoredWatch(int most) {
        this.most = most;
    }

    /** The rewards of a group; why the run must end, if it must. A group that was scored fills the budget up again. */
    synchronized Optional<String> judged(List<RewardBreakdown> rewards) {
        long unscored = count(rewards, Verdict.UNSCORED);
        long scored = rewards.size() - unscored - count(rewards, Verdict.FORMAT_ERROR);
        if (scored >= Math.min(2, rewards.size())) row = 0;
        else if (unscored > 0) {
            row++;
            all++;
            reason = rewards.stream()
                    .filter(r -> r.verdict() == Verdict.UNSCORED)
                    .map(RewardBreakdown::reason)
                    .findFirst()
                    .orElse("");
        }
        if (row < most) return Optional.empty();
        return Optional.of(row + " groups in a row could not be scored (cluster.maxUnscoredGroups " + most
                + "), the last one because " + reason);
    }

    private static long count(List<RewardBreakdown> rewards, Verdict verdict) {
        return rewards.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** True since the last group that was scored. */
    synchronized boolean failing() {
        return row > 0;
    }

    /** How many groups could not be scored, and why the last one; empty when all could. */
    synchronized String summary() {
        return all == 0 ? "" : ", " + all + " could not be scored (the last one because " + reason + ")";
    }
}
