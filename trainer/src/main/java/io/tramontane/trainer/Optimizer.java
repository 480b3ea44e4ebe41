package io.tramontane.trainer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;

/**
 * AdamW on the flat vectors. Owns the gradient and both moments, [P] float32 each, which live as long as the policy. The
 * only place where weights change, and the only place where the gradient is zeroed: after it was used.
 */
final class Optimizer {
    private final Policy policy;
    private OptimizerConfig config;
    private final NDArray gradient;
    private final NDArray first;
    private final NDArray second;
    private long updates;

    Optimizer(Policy policy, OptimizerConfig config) {
        this.policy = policy;
        this.config = config;
        Shape flat = new Shape(policy.config().parameters());
        this.gradient = policy.manager().zeros(flat, DataType.FLOAT32);
        this.first = policy.manager().zeros(flat, DataType.FLOAT32);
        this.second = policy.manager().zeros(flat, DataType.FLOAT32);
    }

    /** From the next update on these numbers hold. */
    void use(OptimizerConfig next) {
        config = next;
    }

    /** [P] where microbatches add what they find. */
    NDArray gradient() {
        return gradient;
    }

    /** Updates done since the beginning of training. */
    long updates() {
        return updates;
    }

    /** One update with the gathered gradient; returns its norm before clipping. */
    double step(double learningRate) {
        updates++;
        IValue norm = policy.run(
                "adamw",
                Policy.tensor(policy.theta()),
                Policy.tensor(gradient),
                Policy.tensor(first),
                Policy.tensor(second),
                IValue.from(updates),
                IValue.from(learningRate),
                IValue.from(config.beta1()),
                IValue.from(config.beta2()),
                IValue.from(config.epsilon()),
                IValue.from(config.weightDecay()),
                IValue.from(config.clipNorm()));
        try (var scope = policy.manager().newSubManager()) {
            return Policy.take(norm, scope).getDouble();
        }
    }

    /** A copy of the first moment. */
    WeightSnapshot first() {
        return policy.snapshot(first, Math.toIntExact(updates));
    }

    /** A copy of the second moment. */
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
