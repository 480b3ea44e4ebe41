package io.tramontane.trainer;

import io.tramontane.model.AdamW;
import io.tramontane.model.Dtype;
import io.tramontane.model.FlatVector;
import io.tramontane.model.Policy;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;

/**
 * AdamW on the flat vectors. Owns the gradient, float32, and both moments, which live as long as the policy: [P] with one rank,
 * otherwise what {@link io.tramontane.model.Shard} leaves this one. The only place where weights change, and the only place where the gradient is zeroed: after it was used.
 */
final class Optimizer {
    private final Policy policy;
    private final Dtype moments;
    private AdamW adamW;
    private FlatVector gradient; // null until it is needed, like the moments
    private FlatVector first;
    private FlatVector second;
    private long updates;

    Optimizer(Policy policy, OptimizerConfig config) {
        this.policy = policy;
        this.moments = config.moments();
        use(config);
    }

    /** Takes room for the vectors; by now the snapshot that the weights came from is garbage, which is collected first. */
    private void takeRoom() {
        if (gradient != null) return;
        WeightSnapshot.collect(policy.trained().length() * Float.BYTES);
        gradient = policy.gradient();
        first = policy.vector(moments);
        second = policy.vector(moments);
    }

    /** From the next update on these numbers hold. */
    void use(OptimizerConfig config) {
        adamW = new AdamW(config.beta1(), config.beta2(), config.epsilon(), config.weightDecay(), config.clipNorm());
    }

    /** Where microbatches add what they find. */
    FlatVector gradient() {
        takeRoom();
        return gradient;
    }

    /** Updates done since the beginning of training. */
    long updates() {
        return updates;
    }

    /** One update with the gathered gradient; returns its norm before clipping. */
    double step(double learningRate) {
        takeRoom();
        updates++;
        return adamW.step(policy, new AdamW.Vectors(policy.trained(), gradient, first, second), updates, learningRate);
    }

    /** What this rank saves of the first moment, where it lies. */
    VectorSource first() {
        takeRoom();
        return policy.live(first);
    }

    /** What this rank saves of the second moment, where it lies. */
    VectorSource second() {
        takeRoom();
        return policy.live(second);
    }

    /** Continues from saved moments. */
    void restore(VectorSource savedFirst, VectorSource savedSecond, long savedUpdates) {
        takeRoom();
        policy.load(first, savedFirst);
        policy.load(second, savedSecond);
        updates = savedUpdates;
    }
}
