package io.tramontane.trainer.loss;

import java.util.Arrays;
import java.util.Random;

/** Token batches for tests of losses: a few by hand, and random ones with everything that is rare. */
final class LossCase {
    private LossCase() {}

    /** One sequence: each token's ratio, all with the same advantage and weight; behaviour, proximal probability 0.25. */
    static TokenBatch ratios(double advantage, double weight, double... ratios) {
        int tokens = ratios.length;
        float[] old = new float[tokens];
        Arrays.fill(old, (float) Math.log(0.25));
        float[] now = new float[tokens];
        for (int m = 0; m < tokens; m++) now[m] = (float) (Math.log(ratios[m]) + Math.log(0.25));
        return of(now, old, old, constant(tokens, advantage), constant(tokens, weight), 0, tokens);
    }

    static TokenBatch of(
            float[] now, float[] behaviour, float[] proximal, float[] advantages, float[] weights, int... starts) {
        return new TokenBatch(
                now, behaviour, proximal, new float[0], advantages, weights, constant(now.length, 1), starts);
    }

    static float[] constant(int count, double value) {
        float[] all = new float[count];
        Arrays.fill(all, (float) value);
        return all;
    }

    /** The slopes of a whole batch. */
    static float[] slopes(PolicyLoss loss, TokenBatch batch) {
        float[] slope = new float[batch.logprobs().length];
        loss.slopes(batch, 0, slope.length, slope, new Measures());
        return slope;
    }

    /** What a loss adds to a measure. */
    static double measure(PolicyLoss loss, TokenBatch batch, Measure measure) {
        Measures measures = new Measures();
        loss.slopes(batch, 0, batch.logprobs().length, new float[batch.logprobs().length], measures);
        return measures.get(measure);
    }

    /**
     * Seven sequences of 0 to 9 tokens: advantages of both signs and 0, ratios near 1 and far from it, one token in six not
     * written by the policy.
     *
     * @param spread deviation of the differences of log-probabilities
     */
    static TokenBatch random(long seed, double spread) {
        Random random = new Random(seed);
        int[] starts = new int[8];
        for (int i = 0; i < 7; i++) starts[i + 1] = starts[i] + (i == 2 ? 0 : 1 + random.nextInt(9));
        int tokens = starts[7];
        float[][] arrays = new float[5][tokens]; // now, behaviour, proximal, reference, advantages
        float[] weights = new float[tokens];
        for (int i = 0; i < 7; i++) {
            float advantage = i == 4 ? 0 : (float) random.nextGaussian();
            for (int m = starts[i]; m < starts[i + 1]; m++) {
                double base = -0.05 - 2 * random.nextDouble();
                for (int a = 0; a < 4; a++)
                    arrays[a][m] = (float) Math.min(-1e-3, base + spread * random.nextGaussian());
                arrays[4][m] = advantage;
                weights[m] = random.nextInt(6) == 0 ? 0 : 1f / (7 * (starts[i + 1] - starts[i]));
            }
        }
        return new TokenBatch(
                arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], weights, constant(tokens, 1), starts);
    }
}
