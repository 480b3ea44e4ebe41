package io.tramontane.trainer.loss;

import java.util.Arrays;

/**
 * The completion tokens of one microbatch as a loss sees them: sequence after sequence, M tokens in all. Arrays are not
 * copied; a loss writes to none of them.
 *
 * @param logprobs [M] log pi_theta of the weights that are being trained
 * @param behaviourLogprobs [M] recorded at sampling
 * @param proximalLogprobs [M] of the policy that ratios are taken to: the weights at the start of the step, or, where those
 *     are not computed, the same array as {@code behaviourLogprobs}
 * @param referenceLogprobs [M] of the reference policy; empty where there is none
 * @param advantages [M] the advantage of each token's completion
 * @param weights [M] share of each token in the loss of the minibatch, stated by the aggregation; 0 for a token that the
 *     policy did not write
 * @param factors [M] what the correction multiplies each token with, filled before the loss is asked; 1 where there is none
 * @param starts [sequences + 1] where each completion begins; the last is M
 */
public record TokenBatch(
        float[] logprobs,
        float[] behaviourLogprobs,
        float[] proximalLogprobs,
        float[] referenceLogprobs,
        float[] advantages,
        float[] weights,
        float[] factors,
        int[] starts) {
    /** Checks that the arrays are aligned. */
    public TokenBatch {
        int tokens = logprobs.length;
        if (behaviourLogprobs.length != tokens
                || proximalLogprobs.length != tokens
                || advantages.length != tokens
                || weights.length != tokens
                || factors.length != tokens
                || referenceLogprobs.length != 0 && referenceLogprobs.length != tokens
                || starts.length == 0
                || starts[starts.length - 1] != tokens)
            throw new IllegalArgumentException("logprobs " + tokens + ", behaviour " + behaviourLogprobs.length
                    + ", proximal " + proximalLogprobs.length + ", reference " + referenceLogprobs.length
                    + ", advantages " + advantages.length + ", weights " + weights.length + ", factors "
                    + factors.length + ", starts end at "
                    + (starts.length == 0 ? "nothing" : starts[starts.length - 1]));
    }

    /** Share of a token in the loss, corrected. A loss is linear in it. */
    public double weight(int m) {
        return (double) weights[m] * factors[m];
    }

    /** log of the ratio pi_theta / pi_proximal of a token. */
    public double logRatio(int m) {
        return (double) logprobs[m] - proximalLogprobs[m];
    }

    /** The sequence that a token belongs to: {@code starts[i] <= m < starts[i + 1]}. */
    public int sequenceOf(int m) {
        int found = Arrays.binarySearch(starts, m);
        int i = found >= 0 ? found : -found - 2;
        while (starts[i + 1] == m) i++; // after empty sequences
        return i;
    }

    /** How many tokens of a sequence the policy wrote. */
    public int written(int sequence) {
        int count = 0;
        for (int m = starts[sequence]; m < starts[sequence + 1]; m++) if (weights[m] != 0) count++;
        return count;
    }
}
