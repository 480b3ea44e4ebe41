package io.tramontane.model;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;

/**
 * AdamW with decoupled weight decay (arXiv:1711.05101) and clipping by the gradient's norm.
 *
 * @param beta1 of the first moment
 * @param beta2 of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay applied to every number
 * @param clipNorm largest norm of the gradient
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
    /**
     * What is trained and what belongs to it, of the same length.
     *
     * @param weights change in place
     * @param gradient is zeroed after it was used
     * @param first moment
     * @param second moment
     */
    public record Vectors(FlatVector weights, FlatVector gradient, FlatVector first, FlatVector second) {}

    /**
     * One update.
     *
     * @param update counts from 1
     * @return the gradient's norm before clipping
     */
    public double step(Policy policy, Vectors vectors, long update, double learningRate) {
        IValue norm = policy.run(
                "adamw",
                Policy.tensor(vectors.weights().values()),
                Policy.tensor(vectors.gradient().values()),
                Policy.tensor(vectors.first().values()),
                Policy.tensor(vectors.second().values()),
                IValue.from(update),
                IValue.from(learningRate),
                IValue.from(beta1),
                IValue.from(beta2),
                IValue.from(epsilon),
                IValue.from(weightDecay),
                IValue.from(clipNorm));
        try (NDManager scope = policy.manager().newSubManager()) {
            return Policy.take(norm, scope).getDouble();
        }
    }
}
