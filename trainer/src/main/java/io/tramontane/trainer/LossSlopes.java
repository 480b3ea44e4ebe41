package io.tramontane.trainer;

import io.tramontane.model.Slopes;
import io.tramontane.trainer.loss.Measure;
import io.tramontane.trainer.loss.Measures;
import io.tramontane.trainer.loss.PolicyLoss;
import io.tramontane.trainer.loss.TokenBatch;
import java.util.Arrays;

/** Asks a loss for the slopes of a microbatch's completion tokens while its pass goes back. */
final class LossSlopes implements Slopes {
    private static final float[] NO_REFERENCE = {};

    private final PolicyLoss loss;
    private final Measures measures;
    private final float[] behaviour;
    private final float[] advantages;
    private final float[] weights;
    private final int[] starts;

    /**
     * Of one microbatch.
     *
     * @param weight share of each token in the loss of the minibatch
     * @param measures gets what the loss measures, and the entropy
     */
    LossSlopes(PolicyLoss loss, Microbatch micro, double weight, Measures measures) {
        this.loss = loss;
        this.measures = measures;
        this.behaviour = micro.behaviour();
        this.advantages = micro.advantagePerToken();
        this.weights = new float[behaviour.length];
        Arrays.fill(weights, (float) weight);
        this.starts = micro.starts();
    }

    @Override
    public void fill(int from, int to, float[] logprobs, float[] entropies, float[] slope, float[] entropySlope) {
        TokenBatch batch =
                new TokenBatch(logprobs, behaviour, behaviour, NO_REFERENCE, advantages, weights, starts);
        loss.slopes(batch, from, to, slope, measures);
        for (int m = from; m < to; m++) measures.add(Measure.ENTROPY, entropies[m]);
    }
}
