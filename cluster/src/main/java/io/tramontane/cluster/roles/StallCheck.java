package io.tramontane.cluster.roles;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run must make progress.
 *
 * @param stallSeconds {@code cluster.stallSeconds}
 */
record StallCheck(double stallSeconds) {
    /**
     * What is wrong, if anything.
     *
     * @param still time without progress
     * @param where the groups are, in one line
     * @param openEvaluations ordered ones that are not complete
     */
    Optional<String> check(Duration still, Supplier<String> where, int openEvaluations) {
        if (still.toMillis() <= 1000 * stallSeconds) return Optional.empty();
        return Optional.of("no progress for " + still.toSeconds() + " s (cluster.stallSeconds " + stallSeconds + "): "
                + where.get() + ", evaluations open: " + openEvaluations);
    }
}
