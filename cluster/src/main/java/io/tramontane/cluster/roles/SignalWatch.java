package io.tramontane.cluster.roles;

import io.tramontane.data.RewardBreakdown;
import io.tramontane.data.ScoredGroup;
import java.util.Locale;
import java.util.Optional;

/**
 * Notices a run that scores and cannot train: groups in a row whose completions all got the same reward have no advantages,
 * and no batch is ever full.
 */
final class SignalWatch {
    private static final int SAID_EVERY = 64;

    private long since = -1;
    private int silent;
    private int all;
    private int useful;

    /** A group got its rewards; something to say when the last many had no signal. */
    synchronized Optional<String> scored(ScoredGroup group, boolean kept) {
        if (since < 0) since = System.nanoTime();
        silent = kept ? 0 : silent + 1;
        all++;
        if (kept) useful++;
        if (silent == 0 || silent % SAID_EVERY > 0) return Optional.empty();
        RewardBreakdown last = group.rewards().get(0);
        return Optional.of(String.format(
                Locale.ROOT,
                "no step can be made: %d groups in a row got one reward for all their completions (the last one %.2f, %s: %s)",
                silent,
                last.reward().orElse(Double.NaN),
                last.verdict(),
                last.reason()));
    }

    /** How many groups were scored, and how many of them can be trained on. */
    synchronized String summary() {
        return all + " groups were scored, " + useful + " of them with different rewards";
    }

    /** When the first group was scored, by {@link System#nanoTime}; -1 before. */
    synchronized long since() {
        return since;
    }
}
