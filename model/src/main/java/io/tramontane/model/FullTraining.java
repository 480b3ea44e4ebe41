package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** All of theta is trained by one rank: weights and gradient are views. */
record FullTraining(Policy policy, FlatVector vector) implements Trainable {
    @Override
    public List<TensorRange> tensors() {
        return policy.config().tensors();
    }

    @Override
    public List<Partition.Piece> pieces() {
        return Partition.whole(0, 1, vector.length()).pieces();
    }

    @Override
    public List<VectorRange> served() {
        return List.of(new VectorRange(0, vector.length()));
    }

    @Override
    public List<VectorRange> held() {
        return served();
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        return vector.view(range, scope);
    }

    @Override
    public void copyTo(WeightSnapshot weights) {
        for (VectorRange range : weights.held()) vector.copyTo(weights, range, range.offset());
    }

    @Override
    public boolean frozen(VectorRange range) {
        return false;
    }

    @Override
    public FlatVector newGradient() {
        return policy.vector(vector.length());
    }

    @Override
    public NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope) {
        return gradient.view(range, scope);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector gradient) {}
}
