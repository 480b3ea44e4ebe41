package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * What of a policy is trained, and with it what a {@link TrainingPass} computes with and where its gradient goes. Where there
 * are several ranks, all call the same methods in the same order.
 */
interface Trainable {
    /** What is trained, in the order of the vector: theta's tensors, or those of adapters. */
    List<TensorRange> tensors();

    /** What this rank updates: the trained vector, or its pieces of it. */
    FlatVector vector();

    /** How {@link #vector()} lies in what is trained. */
    List<Partition.Piece> pieces();

    /** The ranges of theta that this rank gives to generators and checkpoints. */
    List<VectorRange> served();

    /** The ranges of a moment, or of adapters, that this rank gives to checkpoints. */
    default List<VectorRange> saved() {
        return served();
    }

    /** The ranges of theta that this process holds. */
    List<VectorRange> held();

    /** A piece of the weights as the policy computes with them; to be closed by the caller, not to be written to. */
    NDArray weights(VectorRange range, NDManager scope);

    /** That piece will be asked for next: it may be fetched meanwhile. */
    default void soon(VectorRange range) {}

    /** Fills a snapshot with what it holds of the weights that the policy computes with. */
    void copyTo(WeightSnapshot weights);

    /** Whether nothing in a piece of theta is trained. */
    boolean frozen(VectorRange range);

    /** A vector of zeros to which passes add. */
    FlatVector newGradient();

    /** Where a block adds the gradient of a piece of theta; to be closed by the caller. */
    NDArray gradient(FlatVector gradient, VectorRange range, NDManager scope);

    /** After a block has added: what it found reaches the trained vector's gradient. */
    void added(NDArray piece, VectorRange range, FlatVector gradient);

    /** The gradient summed over all ranks, of what this rank updates. */
    default FlatVector reduced(FlatVector gradient) {
        return gradient;
    }

    /** Sum of squares of the gradient of all that is trained, which {@link #reduced} gave. */
    default double squares(FlatVector reduced) {
        return reduced.squares();
    }

    /** After the own pieces have changed: all ranks have them from now on. */
    default void updated() {}

    /** Whether ranks wait for each other between blocks, so that all must make the same passes. */
    default boolean inStep() {
        return false;
    }
}
