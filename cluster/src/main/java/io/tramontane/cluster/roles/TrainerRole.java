package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Batch;
import io.tramontane.trainer.BatchTrainer;
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
                BatchTrainer trainer = plan.roles().trainer(checkpoint)) {
            link.begin(trainer);
            Optional<Batch> batch = link.takeBatch(trainer);
            while (batch.isPresent()) {
                trainer.use(plan.config().at(batch.get().step()).trainerOfRun());
                StepReport report = trainer.step(batch.get());
                link.publish(trainer, report);
                link.maybeSave(trainer);
                batch = link.takeBatch(trainer);
            }
            link.save(trainer);
            link.serveUntilStopped();
        }
    }
}
