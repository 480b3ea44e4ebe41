package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/**
 * LoRA: theta is the frozen base and is never written to; the trained vector holds the adapters. A block computes with
 * {@code W + scale B A}, merged in a copy of its own piece each time, so that nothing drifts and there is no second set of
 * weights. Its gradient dW goes into a piece of the block's size and from there to the adapters, {@code dB = scale dW A^T}
 * and {@code dA = scale B^T dW}: no gradient and no moments of the base. Threads may share it as long as the vector does not
 * change.
 */
final class LoraTraining implements Trainable {
    private final Policy policy;
    private final FlatVector base;
    private final AdapterLayout layout;
    private final FlatVector vector;

    /** All adapters are 0. */
    LoraTraining(Policy policy, FlatVector base, AdapterLayout layout) {
        this.policy = policy;
        this.base = base;
        this.layout = layout;
        this.vector = policy.vector(layout.length());
    }

    @Override
    public List<TensorRange> tensors() {
        return layout.tensors();
    }

    @Override
    public FlatVector vector() {
        return vector;
    }

    @Override
    public List<Partition.Piece> pieces() {
        return Partition.whole(0, 1, vector.length()).pieces();
    }

    @Override
    public List<VectorRange> served() {
        return List.of(new VectorRange(0, policy.config().parameters()));
    }

    @Override
    public List<VectorRange> saved() {
        return List.of(new VectorRange(0, vector.length()));
    }

    @Override
    public FlatVector newGradient() {
        return policy.vector(vector.length());
    }

    /** Merged, tensor by tensor. */
    @Override
    public void copyTo(WeightSnapshot weights) {
        if (!weights.isWhole()) throw new IllegalStateException("adapters are merged into all weights");
        for (TensorRange tensor : weights.tensors()) {
            try (NDManager scope = policy.manager().newSubManager()) {
                NDArray numbers = weights(tensor.range(), scope);
                new FlatVector(policy, numbers).copyTo(weights, new VectorRange(0, tensor.length()), tensor.offset());
            }
        }
    }

    private List<Adapter> within(VectorRange range) {
        return layout.adapters().stream().filter(a -> a.within(range)).toList();
    }

    @Override
    public List<VectorRange> held() {
        return served();
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        NDArray frozen = base.view(range, scope);
        List<Adapter> adapters = within(range);
        if (adapters.isEmpty()) return frozen;
        NDArray merged = frozen.duplicate();
        merged.attach(scope);
        frozen.close();
        for (Adapter adapter : adapters) run("merge_adapter", adapter, merged, range, vector);
        return merged;
    }

    @Override
    public boolean frozen(VectorRange range) {
        return within(range).isEmpty();
    }

    @Override
    public NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope) {
        return scope.zeros(new Shape(range.length()), DataType.FLOAT32);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector gradient) {
        for (Adapter adapter : within(range)) run("adapter_gradient", adapter, piece, range, gradient);
    }

    /** Hands the program a weight or its gradient in a block's piece, A and B, and what belongs to A and B in a vector. */
    private void run(String method, Adapter adapter, NDArray piece, VectorRange range, FlatVector into) {
        TensorRange weight = adapter.weight();
        Policy.free(policy.run(
                method,
                Policy.tensor(piece),
                Policy.tensor(vector.values()),
                Policy.tensor(into.values()),
                IValue.listFrom(
                        weight.offset() - range.offset(),
                        adapter.a().offset(),
                        adapter.b().offset(),
                        weight.shape()[0],
                        weight.shape()[1],
                        (long) layout.lora().rank()),
                IValue.from(layout.lora().scale())));
    }
}
