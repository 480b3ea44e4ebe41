package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * A factor for every token, without gradient, that a loss is multiplied with because the policy that sampled is not the one
 * that ratios are taken to. It composes with every loss.
 */
public interface Correction {
    /** As {@link PolicyLoss#needsWholeSequences}. */
    default boolean needsWholeSequences() {
        return false;
    }

    /** As {@link PolicyLoss#needsProximal}. */
    default boolean needsProximal() {
        return false;
    }

    /** What it adds to the measures. */
    default Set<Measure> measured() {
        return Set.of();
    }

    /** Fills {@link TokenBatch#factors} for {@code from <= m < to}; 1 for a token of weight 0. */
    void fill(TokenBatch batch, int from, int to, Measures measures);
}
