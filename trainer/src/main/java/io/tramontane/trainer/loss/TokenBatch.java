package io.tramontane.trainer.loss;

/**
 * The completion tokens of one microbatch as a loss sees them: sequence after sequence, M tokens in all. Arrays are not
 * copied; a loss writes to none of them.
 *
 * @param logprobs [M] log pi_theta of the weights that are being trained
 * @param behaviourLogprobs [M] recorded at sampling
 * @param proximalLogprobs [M] of the weights at the start of the step; the same array as {@code behaviourLogprobs} where they
 *     are not computed
 * @param referenceLogprobs [M] of the reference policy; empty where there is none
 * @param advantages [M] the advantage of each token's completion
 * @param weights [M] share of each token in the loss of the minibatch, stated by the aggregation; 0 for a token that the
 *     policy did not write
 * @param starts [sequences + 1] where each completion begins; the last is M
 */
public record TokenBatch(
        float[] logprobs,
        float[] behaviourLogprobs,
        float[] proximalLogprobs,
        float[] referenceLogprobs,
        float[] advantages,
        float[] weights,
        int[] starts) {
    /** Checks that the arrays are aligned. */
    public TokenBatch {
        int tokens = logprobs.length;
        if (behaviourLogprobs.length != tokens
                || proximalLogprobs.length != tokens
                || advantages.length != tokens
                || weights.length != tokens
                || referenceLogprobs.length != 0 && referenceLogprobs.length != tokens
                || starts.length == 0
                || starts[starts.length - 1] != tokens)
            throw new IllegalArgumentException("logprobs " + tokens + ", behaviour " + behaviourLogprobs.length
                    + ", proximal " + proximalLogprobs.length + ", reference " + referenceLogprobs.length
                    + ", advantages " + advantages.length + ", weights " + weights.length + ", starts end at "
                    + (starts.length == 0 ? "nothing" : starts[starts.length - 1]));
    }
}
