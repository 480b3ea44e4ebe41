package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * CISPO (MiniMax-M1, arXiv:2506.13585, equations 4 and 5): the importance weight is clipped, not the update, so that no token
 * loses its gradient:
 * <pre>  loss = -sum_m w_m sg(clip(ratio, 1 - clipLow, 1 + clipHigh)) A logprobs,   ratio = exp(logprobs - proximalLogprobs)</pre>
 * sg = no gradient. The slope is -w clip(ratio) A. The paper has no lower bound in effect and prints no upper one. TRL bounds
 * at a value (1 + clipHigh = 5, as ScaleRL, arXiv:2510.13786), verl at two offsets: we take two offsets, and TRL's bounds.
 *
 * @param clipLow offset below 1; 1 is no lower bound
 * @param clipHigh offset above 1, 4
 */
public record CispoLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        for (int m = from; m < to; m++) {
            slope[m] = 0;
            double weight = batch.weight(m);
            if (weight == 0) continue;
            double ratio = Math.exp(batch.logRatio(m));
            double clipped = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh);
            double gain = weight * clipped * batch.advantages()[m];
            slope[m] = (float) -gain;
            measures.add(Measure.OBJECTIVE, gain * batch.logprobs()[m]);
            if (ratio < 1 - clipLow) measures.add(Measure.CLIPPED_LOW, 1);
            if (ratio > 1 + clipHigh) measures.add(Measure.CLIPPED_HIGH, 1);
        }
    }
}
