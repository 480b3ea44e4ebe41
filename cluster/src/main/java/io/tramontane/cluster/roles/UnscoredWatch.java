package io.tramontane.cluster.roles;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Ends a run whose completions cannot be scored, because a reward of the user's own throws or the sandbox is missing: it would
 * sample for ever and train nothing. Completions that fail the format gate do not count, since no reward is asked about them.
 */
final class UnscoredWatch {
    private final int most;
    private int inARow;
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

    /** The rewards of a group; why the run must end, if it must. A group that was scored starts the count again. */
    synchronized Optional<String> judged(List<RewardBreakdown> rewards) {
        long unscored = count(rewards, Verdict.UNSCORED);
        long scored = rewards.size() - unscored - count(rewards, Verdict.FORMAT_ERROR);
        if (scored >= Math.min(2, rewards.size())) inARow = 0;
        else if (unscored > 0) {
            inARow++;
            all++;
            reason = rewards.stream()
                    .filter(r -> r.verdict() == Verdict.UNSCORED)
                    .map(RewardBreakdown::reason)
                    .findFirst()
                    .orElse("");
        }
        if (inARow < most) return Optional.empty();
        return Optional.of(inARow + " groups in a row could not be scored (cluster.maxUnscoredGroups " + most
                + "), the last one because " + reason);
    }

    private static long count(List<RewardBreakdown> rewards, Verdict verdict) {
        return rewards.stream().filter(r -> r.verdict() == verdict).count();
    }

    /** True if groups could not be scored since the last one that was. */
    synchronized boolean failing() {
        return inARow > 0;
    }

    /** How many groups could not be scored, and why the last one; empty when all could. */
    synchronized String summary() {
        return all == 0 ? "" : ", " + all + " could not be scored (the last one because " + reason + ")";
    }
}
