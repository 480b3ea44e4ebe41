package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * DPPO with the binary total variation (arXiv:2602.04879): a token is left out when its probability, not its ratio, has moved
 * too far in the direction of its advantage:
 * <pre>  loss = -sum_m w_m keep sg(min(ratio, 20)) A logprobs,   ratio = exp(logprobs - proximalLogprobs),
 *   keep = pi - pi_proximal <= clipHigh where A > 0, >= -clipLow elsewhere</pre>
 * sg = no gradient. The slope is -w min(ratio, 20) A where it is kept, else 0. The paper's trust region is around the policy
 * that sampled, which it is here without a correction; the paper finds that truncated importance sampling makes it worse. The
 * bound of 20 is that of verl's code, where the paper asks for a large one.
 *
 * @param clipLow largest fall of the probability, 0.15
 * @param clipHigh largest rise, 0.15
 */
public record DppoTvLoss(double clipLow, double clipHigh) implements PolicyLoss {
    private static final double LARGEST_RATIO = 20;

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
            double moved = Math.exp(batch.logprobs()[m]) - Math.exp(batch.proximalLogprobs()[m]);
            double advantage = batch.advantages()[m];
            if (advantage > 0 && moved > clipHigh) measures.add(Measure.CLIPPED_HIGH, 1);
            else if (advantage <= 0 && moved < -clipLow) measures.add(Measure.CLIPPED_LOW, 1);
            else {
                double gain = weight * Math.min(Math.exp(batch.logRatio(m)), LARGEST_RATIO) * advantage;
                slope[m] = (float) -gain;
                measures.add(Measure.OBJECTIVE, gain * batch.logprobs()[m]);
            }
        }
    }
}
