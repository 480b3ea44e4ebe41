package io.tramontane.model;

/**
 * What a loss tells the backward pass. M completion tokens, in the order of {@link PackedSequences#target}; arrays have M
 * entries, of which a call sees or fills those from {@code from} on and below {@code to}.
 */
@FunctionalInterface
public interface Slopes {
    /**
     * Called for one piece of tokens after the other, in order.
     *
     * @param logprobs [M] log-probabilities of the tokens at the pass's temperature, nats; those from {@code to} on are there
     *     only if {@link TrainingPass#logprobs} was called before
     * @param entropies [M] entropies of the distributions that the tokens were drawn from, nats; the same holds
     * @param slope [M] to be filled: d loss / d logprobs, 0 as it comes
     * @param entropySlope [M] may be filled: d loss / d entropies, 0 as it comes
     */
    void fill(int from, int to, float[] logprobs, float[] entropies, float[] slope, float[] entropySlope);
}
