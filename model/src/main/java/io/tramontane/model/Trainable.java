package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** What of a policy is trained, and with it what a {@link TrainingPass} computes with and where its gradient goes. */
interface Trainable {
    /** What the trained vector holds, in its order. */
    List<TensorRange> tensors();

    /** The trained vector. */
    FlatVector vector();

    /** A piece of the weights as the policy computes with them; to be closed by the caller, not to be written to. */
    NDArray weights(VectorRange range, NDManager scope);

    /** Whether nothing in a piece of theta is trained. */
    boolean frozen(VectorRange range);

    /** Where a block adds the gradient of a piece of theta; to be closed by the caller. */
    NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope);

    /** After a block has added: what it found reaches the trained vector's gradient. */
    void added(NDArray piece, VectorRange range, FlatVector gradient);
}
