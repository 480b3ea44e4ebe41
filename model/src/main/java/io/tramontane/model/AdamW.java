package io.tramontane.model;

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
     * What a rank updates of what is trained, and what belongs to it, of the same length; the gradient that passes have added to
     * may be longer.
     *
     * @param weights change in place
     * @param gradient is zeroed after it was used
     * @param first moment
     * @param second moment
     */
    public record Vectors(FlatVector weights, FlatVector gradient, FlatVector first, FlatVector second) {}

    /**
     * One update: gradients of all ranks add up, each rank updates what it holds, and then all have it. A norm that is not
     * finite is the same on all ranks, and all fail before any weight changes.
     *
     * @param update counts from 1
     * @return the gradient's norm before clipping
     */
    public double step(Policy policy, Vectors vectors, long update, double learningRate) {
        FlatVector gradient = policy.reduced(vectors.gradient());
        double norm = policy.norm(gradient);
        if (!Double.isFinite(norm)) throw new NotFiniteGradientException(norm);
        Policy.free(policy.run(
                "adamw",
                Policy.tensor(vectors.weights().values()),
                Policy.tensor(gradient.values()),
                Policy.tensor(vectors.first().values()),
                Policy.tensor(vectors.second().values()),
                IValue.from(update),
                IValue.from(learningRate),
                IValue.from(beta1),
                IValue.from(beta2),
                IValue.from(epsilon),
                IValue.from(weightDecay),
                IValue.from(clipNorm),
                IValue.from(norm)));
        vectors.gradient().clear();
        policy.updated();
        return norm;
    }
}
