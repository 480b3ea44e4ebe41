package io.tramontane.model;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The three products of a matrix in a training pass, of random numbers, by one library on the CPU: what a machine's rate is measured
 * by. Native memory: the numbers, until {@link #close()}.
 *
 * <pre>
 *   rows N, columns in A and out B      x [N, A]   dy [N, B]   weight and its gradient [B, A]
 * </pre>
 */
public final class TrainingProducts implements AutoCloseable {
    /** A shape for a policy that never computes one. */
    private static final PolicyConfig LEAST = new PolicyConfig(1, 4, 1, 1, 4, 4, 4, 4, 10_000, 1e-5, true, 0);

    private final Policy policy;
    private final NDManager scope;
    private final NDArray x;
    private final NDArray dy;
    private final NDArray weight;
    private final NDArray gradient;

    /** Makes the numbers. */
    public TrainingProducts(ProductLibrary library, long rows, long in, long out) {
        ComputeThread.prepare();
        this.policy = new Policy(
                new WeightSnapshot(LEAST, 0),
                Numerics.FAST,
                Dtype.FLOAT32,
                false,
                Sharding.ALONE,
                PolicyProgram.archive(LEAST, Numerics.FAST, false, library),
                Model.newInstance("products", ComputeDevice.CPU.djl(), "PyTorch"));
        this.scope = policy.manager().newSubManager();
        this.x = scope.randomNormal(new Shape(rows, in));
        this.dy = scope.randomNormal(new Shape(rows, out));
        this.weight = scope.randomNormal(new Shape(out, in));
        this.gradient = scope.zeros(new Shape(out, in));
    }

    /** x weight^T: [N, B] is computed. */
    public void forward() {
        Policy.free(policy.run("product", Policy.tensor(x), Policy.tensor(weight)));
    }

    /** dy weight: the gradient of x. */
    public void inputGradient() {
        Policy.free(policy.run("back_product", Policy.tensor(dy), Policy.tensor(weight)));
    }

    /** dy^T x is added to the gradient of the weight. */
    public void weightGradient() {
        Policy.free(policy.run("add_product", Policy.tensor(gradient), Policy.tensor(dy), Policy.tensor(x)));
    }

    /** All three. */
    public void all() {
        forward();
        inputGradient();
        weightGradient();
    }

    @Override
    public void close() {
        scope.close();
        policy.close();
    }
}
