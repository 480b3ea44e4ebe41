package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * GMPO, geometric-mean policy optimization (arXiv:2507.20673, equation 4): the geometric mean of a completion's ratios, each
 * clipped in log space on the side that the advantage pushes to:
 * <pre>  loss = -mean_i A g,   g = exp(mean_t sigma min(sigma d, sigma clip(d, -clipLow, clipHigh))),
 *   d = logprobs - proximalLogprobs,   sigma = sign(A)</pre>
 * The slope of a token is -w g A where its d is not clipped, else 0. Paper and code (its own, verl, TRL) agree on the loss.
 * Under a correction each token's slope is multiplied by its factor; verl takes the factors' geometric mean.
 *
 * @param clipLow below 0 in log space, 0.4
 * @param clipHigh above 0 in log space, 0.4
 */
public record GmpoLoss(double clipLow, double clipHigh) implements PolicyLoss {
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
            double mean = geometricMean(batch, sequence);
            for (int end = Math.min(to, batch.starts()[sequence + 1]); m < end; m++) {
                slope[m] = 0;
                if (batch.weight(m) == 0) continue;
                double gain = batch.weight(m) * mean * batch.advantages()[m];
                double difference = batch.logRatio(m);
                if (clipped(difference, batch.advantages()[m]) == difference) slope[m] = (float) -gain;
                else measures.add(difference > 0 ? Measure.CLIPPED_HIGH : Measure.CLIPPED_LOW, 1);
                measures.add(Measure.OBJECTIVE, gain);
            }
        }
    }

    private double geometricMean(TokenBatch batch, int sequence) {
        double sum = 0;
        for (int m = batch.starts()[sequence]; m < batch.starts()[sequence + 1]; m++)
            if (batch.weights()[m] != 0) sum += clipped(batch.logRatio(m), batch.advantages()[m]);
        return Math.exp(sum / Math.max(1, batch.written(sequence)));
    }

    private double clipped(double difference, double advantage) {
        return advantage > 0 ? Math.min(difference, clipHigh) : Math.max(difference, -clipLow);
    }
}
