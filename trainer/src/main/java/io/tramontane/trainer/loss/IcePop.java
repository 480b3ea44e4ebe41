package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * IcePop (Ring-1T, arXiv:2510.18855): a token on which trainer and sampler disagree too much trains nothing:
 * <pre>  factor = k if low <= k <= high, else 0,   k = exp(proximalLogprobs - behaviourLogprobs)</pre>
 * The weights of the other tokens stay as they are: a masked token still counts in the denominator, as in the paper.
 *
 * @param low 0.5
 * @param high 5
 */
public record IcePop(double low, double high) implements Correction {
    @Override
    public boolean needsProximal() {
        return true;
    }

    @Override
    public Set<Measure> measured() {
        return Set.of(Measure.MASKED);
    }

    @Override
    public void fill(TokenBatch batch, int from, int to, Measures measures) {
        for (int m = from; m < to; m++) {
            batch.factors()[m] = 1;
            if (batch.weights()[m] == 0) continue;
            double log = (double) batch.proximalLogprobs()[m] - batch.behaviourLogprobs()[m];
            boolean kept = log >= Math.log(low) && log <= Math.log(high); // in logarithms: 0 times infinity is NaN
            batch.factors()[m] = kept ? (float) Math.exp(log) : 0;
            if (!kept) measures.add(Measure.MASKED, 1);
        }
    }
}
