package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * A policy-gradient loss. The backward pass takes the slopes that it fills; what it does to weights is not its business.
 * Stateless: one object serves all microbatches of a run. One of the user's is a public class with a public constructor that
 * takes a {@link LossConfig}, or none; its name is {@code trainer.loss.name}.
 */
public interface PolicyLoss {
    /**
     * Whether the slope of a token depends on other tokens of its completion. Then log-probabilities of the whole microbatch
     * are computed before the first slope; otherwise slopes are asked for in pieces, as log-probabilities are made.
     */
    default boolean needsWholeSequences() {
        return false;
    }

    /** Whether {@link TokenBatch#proximalLogprobs} must be those of the weights at the start of the step. */
    default boolean needsProximal() {
        return false;
    }

    /** What it adds to the measures; the metrics of others are left out of the run's rows. */
    default Set<Measure> measured() {
        return Set.of(Measure.OBJECTIVE);
    }

    /**
     * Fills {@code slope[m]} for {@code from <= m < to}. Log-probabilities outside of this range may not be there yet,
     * unless {@link #needsWholeSequences()}. A token of weight 0 gets the slope 0, whatever else it carries.
     *
     * @param slope [M] d loss / d logprobs[m], weighted
     * @param measures gets this range's contributions
     */
    void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures);
}
