package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * Decoupled PPO (arXiv:2110.00641; AReaL, arXiv:2505.24298, section 5.2): the clip is around the weights at the start of the
 * step, not around the older ones that sampled; what lies between the two is importance sampling:
 * <pre>  loss = -sum_m w_m k min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),
 *   ratio = exp(logprobs - proximalLogprobs),   k = exp(proximalLogprobs - behaviourLogprobs)</pre>
 * The slope is -w k ratio A inside of the clip, else 0. The paper's k has no bound; published code may cap it. We follow the
 * paper; the corrections {@code tis} and {@code icepop} bound the same k, so with one of them its factor stands for k.
 *
 * @param clipLow offset below 1, 0.2
 * @param clipHigh offset above 1, 0.2
 * @param importance whether it multiplies with k itself
 */
public record DecoupledPpoLoss(double clipLow, double clipHigh, boolean importance) implements PolicyLoss {
    @Override
    public boolean needsProximal() {
        return true;
    }

    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        ClippedSurrogate clipped = new ClippedSurrogate(clipLow, clipHigh);
        for (int m = from; m < to; m++) {
            double weight = batch.weight(m);
            if (weight != 0 && importance)
                weight *= Math.exp((double) batch.proximalLogprobs()[m] - batch.behaviourLogprobs()[m]);
            slope[m] = weight == 0 ? 0 : clipped.slope(batch, m, weight, measures);
        }
    }
}
