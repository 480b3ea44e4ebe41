package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Batch;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.ranks.Rendezvous;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import java.util.Optional;

/**
 * Takes batches, makes steps, publishes weights. Goes on from a checkpoint with the batches that were recorded after it. All
 * trainer ranks run this at the same time, step by step; the first one speaks with the driver.
 */
public final class TrainerRole {
    private TrainerRole() {}

    /**
     * Where a rank meets the others.
     *
     * @param rank from 0
     * @param rendezvous with all ranks of the stage
     */
    public record Seat(int rank, Rendezvous rendezvous) {
        /** The only rank. */
        public static final Seat ALONE = new Seat(0, mine -> java.util.List.of(mine));
    }

    /**
     * Runs until the driver says stop.
     *
     * @param checkpoint where to go on; null starts from the model
     * @param catchUp what is saved while recorded steps are made again
     */
    public static void run(RunPlan plan, Holder me, Seat seat, String checkpoint, CatchUp catchUp) {
        try (Collectives ranks = plan.ranks(seat.rank()).meet(seat.rendezvous());
                TrainerLink link = new TrainerLink(plan, me, ranks);
                BatchTrainer trainer = plan.roles().trainer(checkpoint, ranks)) {
            link.begin(trainer);
            Optional<Batch> batch = link.takeBatch(trainer);
            while (batch.isPresent()) {
                link.trains(batch.get().step());
                trainer.use(plan.config().at(batch.get().step()).trainerOfRun());
                StepReport report = trainer.step(batch.get());
                link.publish(trainer, report);
                link.maybeSave(trainer, catchUp);
                batch = link.takeBatch(trainer);
            }
            link.save(trainer);
            link.serveUntilStopped();
        }
    }
}
