package io.tramontane.cluster.roles;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.RewardBreakdown.Verdict;
import io.tramontane.data.ScoredGroup;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Notices a run that scores and cannot train: groups in a row whose completions all got the same reward have no advantages,
 * and no batch is ever full. It warns from time to time, and after {@code cluster.maxGroupsWithoutSignal} of them the run
 * ends.
 */
final class SignalWatch {
    private static final int WARNED_EVERY = 64;

    private final int most;
    private int allCorrect; // since the last group with signal, as the next three are
    private int allWrong;
    private int mixed;
    private int unscored;
    private String lastReward = "";
    private int scored;
    private int useful;

    /**
     * Nothing scored yet.
     *
     * @param most groups in a row without signal that end a run; 0 is no limit
     */
    SignalWatch(int most) {
        this.most = most;
    }

    /** A group got its rewards; something to say when the last many had no signal. */
    synchronized Optional<String> scored(ScoredGroup group, boolean kept) {
        scored++;
        if (kept) {
            useful++;
            allCorrect = allWrong = mixed = unscored = 0;
            return Optional.empty();
        }
        count(group.rewards());
        int equal = allCorrect + allWrong + mixed;
        if (equal % WARNED_EVERY > 0) return Optional.empty();
        return Optional.of("no step can be made: " + equal
                + " groups in a row got one reward for all their completions (the last one " + lastReward + ")");
    }

    private void count(List<RewardBreakdown> rewards) {
        long correct = rewards.stream()
                .filter(reward -> reward.verdict() == Verdict.CORRECT)
                .count();
        if (correct == rewards.size()) allCorrect++;
        else if (correct == 0) allWrong++;
        else mixed++;
        RewardBreakdown last = rewards.get(0);
        lastReward = String.format(Locale.ROOT, "%.2f, %s", last.reward().orElse(Double.NaN), last.verdict())
                + (last.reason().isEmpty() ? "" : ": " + last.reason());
    }

    /** A group lost its place because fewer than two of its completions could be scored. */
    synchronized void unscored() {
        unscored++;
    }

    /** Why the run must end, if it must: so many groups in a row had no signal. */
    synchronized Optional<String> exhausted() {
        int row = allCorrect + allWrong + mixed + unscored;
        if (most == 0 || row < most) return Optional.empty();
        StringBuilder why = new StringBuilder("no group to train on: ")
                .append(row)
                .append(" groups in a row had no signal (cluster.maxGroupsWithoutSignal ")
                .append(most)
                .append("): ")
                .append(share("all correct", allCorrect, row))
                .append(", ")
                .append(share("all wrong", allWrong, row))
                .append(", ");
        if (mixed > 0)
            why.append(share("right and wrong with the same reward", mixed, row))
                    .append(", ");
        why.append(share("unscored", unscored, row));
        return Optional.of(why.append(lastReward.isEmpty() ? "" : "; the last reward was " + lastReward)
                .toString());
    }

    private static String share(String what, int count, int of) {
        return String.format(Locale.ROOT, "%.1f %% %s", 100.0 * count / of, what);
    }

    /** How many groups were scored, and how many of them can be trained on. */
    synchronized String summary() {
        return scored + " groups were scored, " + useful + " of them with different rewards";
    }
}
