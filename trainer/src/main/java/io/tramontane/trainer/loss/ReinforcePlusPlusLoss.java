package io.tramontane.trainer.loss;

import java.util.Set;

/**
 * REINFORCE++ (arXiv:2501.03262): no critic, PPO's clip, and advantages that are normalised over the whole batch instead of
 * within a group:
 * <pre>  loss = -mean_i 1 / |o_i| sum_t min(ratio A, clip(ratio, 1 - clipLow, 1 + clipHigh) A),   A = (r - mean_batch) / std_batch</pre>
 * Its variant with baseline, for groups, subtracts the group's mean first: {@code advantage: minibatch}. What we changed: the
 * paper takes a KL from the reward of each token; here a KL is a term of the loss ({@code klCoef}). Published code normalises
 * over tokens, the paper over samples: we follow the paper.
 *
 * @param clipLow offset below 1, 0.2 as PPO
 * @param clipHigh offset above 1, 0.2 as PPO
 */
public record ReinforcePlusPlusLoss(double clipLow, double clipHigh) implements PolicyLoss {
    @Override
    public Set<Measure> measured() {
        return ClippedSurrogate.MEASURED;
    }

    @Override
    public void slopes(TokenBatch batch, int from, int to, float[] slope, Measures measures) {
        new ClippedSurrogate(clipLow, clipHigh).slopes(batch, from, to, slope, measures);
    }
}
