package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * GSPO (arXiv:2507.18071, equations 5 and 7): one ratio for the whole completion, the geometric mean of its tokens' ratios:
 * <pre>  loss = -mean_i min(s A, clip(s, 1 - clipLow, 1 + clipHigh) A),   s = exp(mean_t (logprobs - proximalLogprobs))</pre>
 * The slope of each token of the completion is -w s A where the unclipped term is the smaller one, else 0; with
 * w = 1 / (completions |o_i|) this is the derivative of that loss. Under a correction, which differs between tokens, it is the
 * paper's GSPO-token (equation 14). Published code means tokens by default; we follow the paper, {@code sequence-mean}.
 *
 * @param clipLow offset below 1, 3e-4
 * @param clipHigh offset above 1, 4e-4
 */
public record GspoLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public boolean needsWholeSequences() {
        return true;
    }

    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        for (int m = from; m < to; ) {
            int sequence = batch.sequenceOf(m);
            double ratio = Math.exp(meanLogRatio(batch, sequence));
            for (int end = Math.min(to, batch.starts()[sequence + 1]); m < end; m++)
                slope[m] = batch.weight(m) == 0 ? 0 : slope(batch, m, ratio, measures);
        }
    }

    private float slope(TokenBatch batch, int m, double ratio, Measures measures) {
        double weight = batch.weight(m);
        double advantage = batch.advantages()[m];
        double free = ratio * advantage;
        double bounded = Math.min(Math.max(ratio, 1 - clipLow), 1 + clipHigh) * advantage;
        measures.add(Measure.OBJECTIVE, weight * Math.min(free, bounded));
        if (ratio < 1 - clipLow && advantage < 0) measures.add(Measure.CLIPPED_LOW, 1);
        if (ratio > 1 + clipHigh && advantage > 0) measures.add(Measure.CLIPPED_HIGH, 1);
        return free <= bounded ? (float) (-weight * free) : 0;
    }

    private static double meanLogRatio(TokenBatch batch, int sequence) {
        double sum = 0;
        for (int m = batch.starts()[sequence]; m < batch.starts()[sequence + 1]; m++)
            if (batch.weights()[m] != 0) sum += batch.logRatio(m);
        return sum / Math.max(1, batch.written(sequence));
    }
}
