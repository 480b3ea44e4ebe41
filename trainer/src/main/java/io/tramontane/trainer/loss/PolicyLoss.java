package io.tramontane.trainer.loss;

/**
 * A policy-gradient loss. The backward pass takes the slopes that it fills; what it does to weights is not its business.
 * Stateless: one object serves all microbatches of a run.
 */
public interface PolicyLoss {
    /**
     * Whether the slope of a token depends on other tokens of its completion. Then log-probabilities of the whole microbatch
     * are computed before the first slope; otherwise slopes are asked for in pieces, as log-probabilities are made.
     */
    boolean needsWholeSequences();

    /**
     * Fills {@code slope[m]} for {@code from <= m < to}. Log-probabilities outside of this range may not be there yet,
     * unless {@link #needsWholeSequences()}.
     *
     * @param slope [M] d loss / d logprobs[m], weighted
     * @param measures gets this range's contributions
     */
    void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures);
}
