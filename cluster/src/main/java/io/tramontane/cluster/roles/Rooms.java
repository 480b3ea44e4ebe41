package io.tramontane.cluster.roles;

import io.tramontane.model.WeightSnapshot;
import java.io.Serializable;

/** Builds, inside a task, what computes there. The program has one; tests may script another. */
public interface Rooms extends Serializable {
    /** Prompts of training and evaluation problems. */
    Prompts prompts();

    /** A generator that starts with these weights. */
    Sampler sampler(WeightSnapshot weights);

    /** The same for held-out problems, which may be sampled otherwise. */
    Sampler evaluator(WeightSnapshot weights);

    /** The verifiers. */
    Scorer scorer();

    /**
     * A trainer.
     *
     * @param checkpoint folder of the checkpoint to go on from; null starts from the model
     */
    Learner learner(String checkpoint);
}
