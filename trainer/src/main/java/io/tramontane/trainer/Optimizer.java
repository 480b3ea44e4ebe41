package io.tramontane.trainer;

import io.tramontane.model.AdamW;
import io.tramontane.model.FlatVector;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;

/**
 * AdamW on the flat vectors. Owns the gradient, float32, and both moments, which live as long as the policy: [P] with one rank,
 * otherwise what {@link io.tramontane.model.Shard} leaves this one. The only place where weights change, and the only place where the gradient is zeroed: after it was used.
 */
final class Optimizer {
    private final Policy policy;
    private AdamW adamW;
    private final FlatVector gradient;
    private final FlatVector first;
    private final FlatVector second;
    private long updates;

    Optimizer(Policy policy, OptimizerConfig config) {
        this.policy = policy;
        use(config);
        this.gradient = policy.gradient();
        this.first = policy.vector(config.moments());
        this.second = policy.vector(config.moments());
    }

    /** From the next update on these numbers hold. */
    void use(OptimizerConfig config) {
        adamW = new AdamW(config.beta1(), config.beta2(), config.epsilon(), config.weightDecay(), config.clipNorm());
    }

    /** Where microbatches add what they find. */
    FlatVector gradient() {
        return gradient;
    }

    /** Updates done since the beginning of training. */
    long updates() {
        return updates;
    }

    /** One update with the gathered gradient; returns its norm before clipping. */
    double step(double learningRate) {
        updates++;
        return adamW.step(policy, new AdamW.Vectors(policy.trained(), gradient, first, second), updates, learningRate);
    }

    /** A copy of what this rank saves of the first moment. */
    WeightSnapshot first() {
        return policy.snapshot(first, Math.toIntExact(updates));
    }

    /** A copy of what this rank saves of the second moment. */
    WeightSnapshot second() {
        return policy.snapshot(second, Math.toIntExact(updates));
    }

    /** Continues from saved moments. */
    void restore(WeightSnapshot savedFirst, WeightSnapshot savedSecond, long savedUpdates) {
        policy.load(first, savedFirst);
        policy.load(second, savedSecond);
        updates = savedUpdates;
    }
}
