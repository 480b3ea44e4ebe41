package io.tramontane.cluster.roles;

import io.tramontane.data.Batch;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.Trainer;
import java.nio.file.Path;

/** A {@link Trainer} and the tokenizer that goes into its checkpoints. */
record TrainerLearner(Trainer trainer, Path tokenizerJson) implements Learner {
    @Override
    public int version() {
        return trainer.version();
    }

    @Override
    public StepReport step(Batch batch) {
        return trainer.step(batch);
    }

    @Override
    public WeightSnapshot snapshot() {
        return trainer.snapshot();
    }

    @Override
    public float[] score(int[] tokens, int from) {
        return trainer.score(tokens, from);
    }

    @Override
    public void save(Path checkpoint) {
        trainer.save(checkpoint, tokenizerJson);
    }

    @Override
    public void close() {
        trainer.close();
    }
}
