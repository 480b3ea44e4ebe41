package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;

/**
 * The program's product of two random square matrices in one of its types, by which the rate of a device is measured. Native memory:
 * both matrices, until {@link #close()}.
 */
public final class SquareProduct implements AutoCloseable {
    private final Policy policy;
    private final NDManager scope;
    private final NDArray left;
    private final NDArray right;

    /** Makes the matrices on the policy's device, in its fast numerics. */
    public SquareProduct(Policy policy, Dtype dtype, int side) {
        this.policy = policy;
        this.scope = policy.manager().newSubManager();
        boolean half = dtype.half(policy.onGpu(), Numerics.FAST);
        this.left = random(half, side);
        this.right = random(half, side);
    }

    private NDArray random(boolean half, long side) {
        NDArray numbers = scope.randomNormal(new Shape(side * side));
        if (!half) return numbers.reshape(side, side);
        try (numbers) { // bfloat16 is the program's own: DJL has no such arrays
            NDArray halves = policy.zeros(scope, true, side * side);
            Policy.free(policy.run("load", Policy.tensor(halves), Policy.tensor(numbers), IValue.from(0L)));
            return halves.reshape(side, side);
        }
    }

    /** Multiplies, and returns when the device is done. */
    public void run() {
        IValue product = policy.run("product", Policy.tensor(left), Policy.tensor(right));
        try (NDManager row = policy.manager().newSubManager()) {
            IValue first = policy.run("slice", product, IValue.from(0L), IValue.from(1L));
            Policy.take(first, row).toFloatArray();
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
