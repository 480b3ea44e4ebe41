package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * Off-policy sequence masking (DeepSeek-V3.2, arXiv:2512.02556, equation 9): a bad completion that the policy would hardly
 * write any more trains nothing:
 * <pre>  factor = 0 if A < 0 and mean_t (behaviourLogprobs - logprobs) > high, else 1</pre>
 * The mean is over the completion's written tokens. The paper prints no bound; TRL's example is 0.5. Masked tokens still count
 * in the denominator.
 *
 * @param high largest mean, nats a token
 */
public record SequenceMask(double high) implements Correction {
    @Override
    public boolean needsWholeSequences() {
        return true;
    }

    @Override
    public Set<Measure> measured() {
        return Set.of(Measure.MASKED);
    }

    @Override
    public void fill(TokenBatch batch, int from, int to, Measures measures) {
        for (int m = from; m < to; ) {
            int sequence = batch.sequenceOf(m);
            boolean far = meanDifference(batch, sequence) > high;
            for (int end = Math.min(to, batch.starts()[sequence + 1]); m < end; m++) {
                boolean masked = far && batch.advantages()[m] < 0 && batch.weights()[m] != 0;
                batch.factors()[m] = masked ? 0 : 1;
                if (masked) measures.add(Measure.MASKED, 1);
            }
        }
    }

    private static double meanDifference(TokenBatch batch, int sequence) {
        double sum = 0;
        for (int m = batch.starts()[sequence]; m < batch.starts()[sequence + 1]; m++)
            if (batch.weights()[m] != 0) sum += (double) batch.behaviourLogprobs()[m] - batch.logprobs()[m];
        return sum / Math.max(1, batch.written(sequence));
    }
}
