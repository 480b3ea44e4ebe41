package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * Truncated importance sampling (Yao et al., "Your efficient RL framework secretly brings you off-policy RL training", 2025):
 * <pre>  factor = max(low, min(k, high)),   k = exp(proximalLogprobs - behaviourLogprobs)</pre>
 * The note prints an upper bound of 2; TRL's default is 3.
 *
 * @param low smallest factor, 0 is none
 * @param high largest factor
 */
public record TruncatedImportanceSampling(double low, double high) implements Correction {
    @Override
    public boolean needsProximal() {
        return true;
    }

    @Override
    public Set<Measure> measured() {
        return Set.of(Measure.TRUNCATED);
    }

    @Override
    public void fill(TokenBatch batch, int from, int to, Measures measures) {
        for (int m = from; m < to; m++) {
            batch.factors()[m] = 1;
            if (batch.weights()[m] == 0) continue;
            double k = Math.exp((double) batch.proximalLogprobs()[m] - batch.behaviourLogprobs()[m]);
            batch.factors()[m] = (float) Math.max(low, Math.min(k, high));
            if (k < low || k > high) measures.add(Measure.TRUNCATED, 1);
        }
    }
}
