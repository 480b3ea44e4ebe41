package io.tramontane.cluster.roles;

import io.tramontane.data.Batch;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.trainer.StepReport;
import java.nio.file.Path;

/** What the trainer's role needs of {@link io.tramontane.trainer.Trainer}; one thread owns it. */
public interface Learner extends AutoCloseable {
    /** Steps done. */
    int version();

    /** One step. */
    StepReport step(Batch batch);

    /** A copy of the weights. */
    WeightSnapshot snapshot();

    /** Log-probabilities of {@code tokens[from..]}. */
    float[] score(int[] tokens, int from);

    /** Saves a checkpoint that appears whole or not at all. */
    void save(Path checkpoint);

    @Override
    void close();
}
