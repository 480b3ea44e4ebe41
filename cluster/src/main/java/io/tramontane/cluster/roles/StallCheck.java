package io.tramontane.cluster.roles;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run must make progress. One in which everybody waits ends soon; one in which a generator or a trainer computes may be in a long
 * step or in a long completion, and has ten times as long, since a thread may also turn in a circle.
 *
 * @param stallSeconds {@code cluster.stallSeconds}
 */
record StallCheck(double stallSeconds) {
    private static final int COMPUTING = 10;

    /**
     * What is wrong, if anything.
     *
     * @param still time without progress
     * @param idle time since a generator or trainer last computed anything
     * @param where the groups are, in one line
     * @param openEvaluations ordered ones that are not complete
     */
    Optional<String> check(Duration still, Duration idle, Supplier<String> where, int openEvaluations) {
        boolean waits = isOver(still, stallSeconds) && isOver(idle, stallSeconds);
        if (!waits && !isOver(still, COMPUTING * stallSeconds)) return Optional.empty();
        return Optional.of("no progress for " + still.toSeconds() + " s (cluster.stallSeconds " + stallSeconds
                + (waits ? "" : ", " + COMPUTING + " times that while a generator or trainer computes") + "): "
                + where.get() + ", evaluations open: " + openEvaluations);
    }

    private static boolean isOver(Duration time, double seconds) {
        return time.toMillis() > 1000 * seconds;
    }
}
