package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.StoragePath;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A trainer's connection to the driver, and the server of its weights. */
final class TrainerLink implements AutoCloseable {
    private final RunPlan plan;
    private final DriverLink driver;
    private final WeightServer server;
    private final int[] canary;
    private final Path tokenizerJson;
    private final IdleMeter idle = new IdleMeter(System::nanoTime);

    TrainerLink(RunPlan plan, Holder me) {
        this.plan = plan;
        this.canary = plan.roles().prompts().canary();
        this.tokenizerJson = plan.roles().tokenizerJson();
        this.driver = new DriverLink(plan, me);
        try {
            this.server = new WeightServer(driver.allocator(), plan.host(), plan.secret(), plan::evaluates);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve weights", e);
        }
    }

    /** Publishes the weights that training starts with. */
    void begin(BatchTrainer trainer) {
        offer(trainer, null);
    }

    /** The next batch; empty when training is over. */
    Optional<Batch> takeBatch(BatchTrainer trainer) {
        return idle.waiting(() -> {
            while (true) {
                Sink.Memory answer = driver.fetch(
                        Messages.NEXT, new Messages.Next(driver.me(), trainer.version() + 1, idle.pulse()));
                switch (answer.head(Messages.NextHead.class).kind()) {
                    case BATCH -> {
                        return Optional.of(BatchArrow.fromBytes(answer.bytes()));
                    }
                    case OVER -> {
                        return Optional.empty();
                    }
                    case NOT_YET -> {}
                }
            }
        });
    }

    /** Offers the weights after a step. */
    void publish(BatchTrainer trainer, StepReport report) {
        offer(trainer, report);
    }

    private void offer(BatchTrainer trainer, StepReport report) {
        driver.at(trainer.version());
        server.makeRoom();
        Offer.Canary scored = new Offer.Canary(canary, 1, trainer.score(canary, 1));
        Offer offer = server.offer(trainer.snapshot(), scored);
        driver.ask(
                Messages.STEPPED, new Messages.Stepped(driver.me(), report, offer, idle.pulse()), Messages.Done.class);
    }

    /** Saves a checkpoint after every {@code trainer.checkpointEvery} steps. */
    void maybeSave(BatchTrainer trainer) {
        if (plan.config().trainer().checkpoints().includes(trainer.version())) save(trainer, false);
    }

    /** Saves the last checkpoint of the run. */
    void save(BatchTrainer trainer) {
        save(trainer, true);
    }

    private void save(BatchTrainer trainer, boolean last) {
        RunFolder folder = RunFolder.at(plan.runFolder());
        StoragePath checkpoint = folder.checkpoint(trainer.version());
        if (!folder.isComplete(checkpoint)) trainer.save(checkpoint, tokenizerJson);
        OldCheckpoints.delete(folder, plan.config());
        if (last) driver.ask(Messages.SAVED, new Messages.Saved(driver.me(), trainer.version()), Messages.Done.class);
    }

    /** Serves the last weights, which are still evaluated, until the driver says stop. */
    void serveUntilStopped() {
        Messages.News news;
        do {
            news = driver.ask(
                    Messages.WATCH,
                    new Messages.Watch(driver.me(), Integer.MAX_VALUE, false, List.of()),
                    Messages.News.class);
        } while (!news.stop() && !Thread.currentThread().isInterrupted());
    }

    @Override
    public void close() {
        server.close();
        driver.close();
    }
}
