package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A trainer's line to the driver, and the server of its weights. */
final class TrainerLink implements AutoCloseable {
    private final RunPlan plan;
    private final DriverLink driver;
    private final WeightServer server;
    private final int[] canary;
    private final IdleMeter idle = new IdleMeter(System::nanoTime);

    TrainerLink(RunPlan plan, Holder me) {
        this.plan = plan;
        this.canary = plan.rooms().prompts().canary();
        this.driver = new DriverLink(plan, me);
        try {
            this.server = new WeightServer(driver.allocator(), plan.host(), plan.secret(), plan::evaluates);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve weights", e);
        }
    }

    /** Publishes the weights that training starts with. */
    void begin(Learner learner) {
        offer(learner, null);
    }

    /** The next batch; empty when training is over. */
    Optional<Batch> takeBatch(Learner learner) {
        return idle.waiting(() -> {
            while (true) {
                Sink.Memory answer = driver.fetch(
                        Messages.NEXT, new Messages.Next(driver.me(), learner.version() + 1, idle.pulse()));
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

    /** The new weights can be had from now on. */
    void publish(Learner learner, StepReport report) {
        offer(learner, report);
    }

    private void offer(Learner learner, StepReport report) {
        driver.at(learner.version());
        server.makeRoom();
        Offer.Canary scored = new Offer.Canary(canary, 1, learner.score(canary, 1));
        Offer offer = server.offer(learner.snapshot(), scored);
        driver.ask(
                Messages.STEPPED, new Messages.Stepped(driver.me(), report, offer, idle.pulse()), Messages.Done.class);
    }

    /** Saves every so many steps. */
    void maybeSave(Learner learner) {
        if (learner.version() % plan.config().trainer().checkpointEvery() == 0) save(learner, false);
    }

    /** Saves the last checkpoint of the run. */
    void save(Learner learner) {
        save(learner, true);
    }

    private void save(Learner learner, boolean last) {
        RunFolder folder = new RunFolder(Path.of(plan.runFolder()));
        Path checkpoint = folder.checkpoint(learner.version());
        if (!Files.exists(checkpoint)) learner.save(checkpoint);
        OldCheckpoints.delete(folder, plan.config());
        if (last) driver.ask(Messages.SAVED, new Messages.Saved(driver.me(), learner.version()), Messages.Done.class);
    }

    /** The last weights are still evaluated: serves them until the driver says stop. */
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
