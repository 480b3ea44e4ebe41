package io.tramontane.cluster.roles;

import java.util.Optional;

/**
 * Generator and trainer must give the same tokens the same log-probabilities. Otherwise the run learns from wrong ratios.
 *
 * @param limit {@code cluster.maxMismatchKl}, and 50 times that where generators are int8
 */
record MismatchCheck(double limit) {
    /**
     * What is wrong, if anything. A KL that is not a number is wrong.
     *
     * @param where what was compared
     * @param version policy version of both
     * @param kl mean KL per token, in nats
     */
    Optional<String> check(String where, int version, double kl) {
        if (kl <= limit) return Optional.empty();
        return Optional.of("generator and trainer disagree: mean KL " + kl + " on the " + where + " at policy version "
                + version + ", cluster.maxMismatchKl allows " + limit);
    }
}
