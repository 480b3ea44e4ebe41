package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * Dr. GRPO, "GRPO done right" (arXiv:2503.20783, section 3.2): GRPO without its two biases, of length and of difficulty:
 * <pre>  loss = -1 / (G L) sum_i sum_t min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   A = r - mean_group</pre>
 * L is a constant. The slope of a token is -w ratio A inside of the clip, w = 1 / (completions L): what makes it Dr. GRPO is
 * the aggregation {@code constant-length} and the advantage {@code group}, which are its own. Paper and published code agree;
 * the code takes the largest number of sampled tokens for L, as we do.
 *
 * @param clipLow offset below 1, 0.2 as PPO
 * @param clipHigh offset above 1, 0.2 as PPO
 */
public record DrGrpoLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        new ClippedSurrogate(clipLow, clipHigh).slopes(batch, from, to, slope, measures);
    }
}
