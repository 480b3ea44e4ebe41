package io.tramontane.trainer.loss;

import java.util.EnumSet;
import java.util.Set;

/**
 * The clipped surrogate of PPO (arXiv:1707.06347, equation 7) token by token, which half of the losses share:
 * <pre>  J_m = min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   ratio = exp(logprobs - proximalLogprobs)</pre>
 * The slope is -weight ratio A where the unclipped term is the smaller one, else 0.
 *
 * @param clipLow offset below 1
 * @param clipHigh offset above 1
 */
record ClippedSurrogate(double clipLow, double clipHigh) {
    static final Set<Measure> MEASURED =
            Set.copyOf(EnumSet.of(Measure.OBJECTIVE, Measure.CLIPPED_LOW, Measure.CLIPPED_HIGH));

    /** One token's slope; weight is its share in the loss, not 0. */
    float slope(TokenBatch batch, int m, double weight, Measures measures) {
        double ratio = Math.exp(batch.logRatio(m));
        double advantage = batch.advantages()[m];
        double free = ratio * advantage;
        double bounded = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh) * advantage;
        measures.add(Measure.OBJECTIVE, weight * Math.min(free, bounded));
        if (ratio < 1 - clipLow && advantage < 0) measures.add(Measure.CLIPPED_LOW, 1);
        if (ratio > 1 + clipHigh && advantage > 0) measures.add(Measure.CLIPPED_HIGH, 1);
        return free <= bounded ? (float) (-weight * free) : 0;
    }

    /** All tokens of a range. */
    void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        for (int m = from; m < to; m++)
            slope[m] = batch.weight(m) == 0 ? 0 : slope(batch, m, batch.weight(m), measures);
    }
}
