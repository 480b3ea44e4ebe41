package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Batch;
import io.tramontane.trainer.StepReport;
import java.util.Optional;

/** Takes batches, makes steps, publishes weights. Goes on from a checkpoint with the batches that were recorded after it. */
public final class TrainerRole {
    private TrainerRole() {}

    /**
     * Runs until the driver says stop.
     *
     * @param checkpoint where to go on; null starts from the model
     */
    public static void run(RunPlan plan, Holder me, String checkpoint) {
        try (TrainerLink link = new TrainerLink(plan, me);
                Learner learner = plan.rooms().learner(checkpoint)) {
            link.begin(learner);
            Optional<Batch> batch = link.takeBatch(learner);
            while (batch.isPresent()) {
                StepReport report = learner.step(batch.get());
                link.publish(learner, report);
                link.maybeSave(learner);
                batch = link.takeBatch(learner);
            }
            link.save(learner);
            link.serveUntilStopped();
        }
    }
}
