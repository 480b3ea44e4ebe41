package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * The clipped objective of Magistral (arXiv:2506.10910, section 2.1), GRPO with clip-higher (DAPO, arXiv:2503.14476, section
 * 3.1) and no KL:
 * <pre>  loss = -sum_m w_m min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   ratio = exp(logprobs - proximalLogprobs)</pre>
 * with w_m = 1 / tokens of the minibatch and A = (r - mean_group) normalised over the minibatch. What we changed from the
 * paper: its denominator is that of a group, and it leaves open how groups combine.
 *
 * @param clipLow offset below 1; the paper prints none, 0.2 is that of DAPO
 * @param clipHigh offset above 1; paper: 0.26 to 0.28 for Medium, 0.3 for Small
 */
public record MagistralLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        new ClippedSurrogate(clipLow, clipHigh).slopes(batch, from, to, slope, measures);
    }
}
