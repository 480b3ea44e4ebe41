package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** All of theta is trained: weights and gradient are views. */
record FullTraining(FlatVector vector, PolicyConfig config) implements Trainable {
    @Override
    public List<TensorRange> tensors() {
        return config.tensors();
    }

    @Override
    public NDArray weights(VectorRange range, NDManager scope) {
        return vector.view(range, scope);
    }

    @Override
    public boolean frozen(VectorRange range) {
        return false;
    }

    @Override
    public NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope) {
        return gradient.view(range, scope);
    }

    @Override
    public void added(NDArray piece, VectorRange range, FlatVector gradient) {}
}
