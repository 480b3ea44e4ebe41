package io.tramontane.cluster.roles;

import io.tramontane.model.ComputeDevice;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupGenerator;
import io.tramontane.trainer.BatchTrainer;
import java.io.Serializable;
import java.nio.file.Path;

/** Builds what a role computes with, inside the role's task. The program has one; tests may script another. */
public interface RoleFactory extends Serializable {
    /** The same for a task whose generators or trainer compute on this device. */
    RoleFactory on(ComputeDevice device);

    /** Where its generators or trainer compute. */
    ComputeDevice device();

    /** Prompts of training and evaluation problems. */
    Prompts prompts();

    /** A generator that starts with these weights; the tokenizer stays the caller's. */
    GroupGenerator generator(WeightSnapshot weights, Tokenizer tokenizer);

    /** The same for held-out problems, which may be sampled otherwise. */
    GroupGenerator evaluator(WeightSnapshot weights, Tokenizer tokenizer);

    /** What scores groups. */
    GroupVerifier verifier();

    /**
     * A trainer.
     *
     * @param checkpoint folder of the checkpoint to go on from; null starts from the model
     * @param ranks of which it is one
     */
    BatchTrainer trainer(String checkpoint, Collectives ranks);

    /** The tokenizer's files, written to this machine for checkpoints; others lie beside {@code tokenizer.json}. */
    Path tokenizerJson();
}
