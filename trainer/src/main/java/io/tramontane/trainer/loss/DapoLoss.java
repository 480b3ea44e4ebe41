package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * DAPO (arXiv:2503.14476, equation 8): clip-higher, every token of the batch counts the same, and GRPO's advantage:
 * <pre>  loss = -1 / (sum_i |o_i|) sum_i sum_t min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   A = (r - mean) / std</pre>
 * The paper's denominator is that of a group; its code and ours take that of the (mini)batch. Its other parts are elsewhere:
 * dynamic sampling is how batches are filled, the soft overlong penalty is {@code rewards.maxLength}; overlong filtering is
 * not done.
 *
 * @param clipLow offset below 1, 0.2
 * @param clipHigh offset above 1, 0.28
 */
public record DapoLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        new ClippedSurrogate(clipLow, clipHigh).slopes(batch, from, to, slope, measures);
    }
}
