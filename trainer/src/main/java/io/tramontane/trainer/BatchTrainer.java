package io.tramontane.trainer;

import io.tramontane.data.Batch;
import io.tramontane.data.StoragePath;
import io.tramontane.model.WeightSnapshot;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a role needs of a {@link Trainer}, so that a test can watch it or script another. One thread owns it. Of several ranks
 * all call the same methods in the same order.
 */
public interface BatchTrainer extends AutoCloseable {
    /** Steps done. */
    int version();

    /** From the next step on these numbers hold: a run may change them as it goes. Vectors and moments stay. */
    void use(TrainerConfig config);

    /** One step. */
    StepReport step(Batch batch);

    /** A copy of the ranges of the weights that this rank serves, adapters merged: all of them with one rank. */
    WeightSnapshot snapshot();

    /** SHA-256 of all weights, adapters merged, as {@link WeightSnapshot#digest}. */
    String digest();

    /** Log-probabilities of {@code tokens[from..]}. */
    float[] score(int[] tokens, int from);

    /**
     * Saves a checkpoint that appears whole or not at all.
     *
     * @param tokenizerJson the tokenizer's files lie beside it; they become part of the checkpoint
     */
    void save(StoragePath checkpoint, Path tokenizerJson);

    /** What a checkpoint of the same step says otherwise, moments and counters included; empty where it is this state. */
    Optional<String> differenceFrom(StoragePath checkpoint);

    /** CPU time so far of threads that compute beside the owner's, nanoseconds; any thread may ask. */
    default long helperCpuNanos() {
        return 0;
    }

    /** Ranks exchange nothing after that. */
    @Override
    void close();
}
