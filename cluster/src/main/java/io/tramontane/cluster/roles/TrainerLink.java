package io.tramontane.cluster.roles;

import io.tramontane.cluster.flight.Json;
import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.roles.Messages.NextKind;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.ByteChunks;
import io.tramontane.data.StoragePath;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A trainer's connection to the driver, and the server of its weights. Of several ranks the first one asks and tells the driver,
 * and the others hear of it from that one; all serve what they hold.
 */
final class TrainerLink implements AutoCloseable {
    private final RunPlan plan;
    private final Collectives ranks;
    private final DriverLink driver;
    private final WeightServer server;
    private final int[] canary;
    private final Path tokenizerJson;
    private final String numerics;
    private final IdleMeter idle = new IdleMeter(System::nanoTime);
    private final Activity activity = new Activity();
    private final Heartbeat heartbeat;
    private final WeightReports reports = new WeightReports();

    TrainerLink(RunPlan plan, Holder me, Collectives ranks) {
        this.plan = plan;
        this.ranks = ranks;
        try (Prompts prompts = plan.roles().prompts()) {
            this.canary = prompts.canary();
        }
        this.tokenizerJson = plan.roles().tokenizerJson();
        this.numerics = StepNumerics.of(plan);
        this.driver = new DriverLink(plan, me);
        try {
            this.server = new WeightServer(driver.allocator(), plan.host(), plan.secret(), plan::evaluates);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot serve weights", e);
        }
        this.heartbeat = new Heartbeat(driver, activity, List::of);
    }

    /** Publishes the weights that training starts with. */
    void begin(BatchTrainer trainer) {
        activity.helpedBy(trainer::helperCpuNanos);
        offer(trainer, null);
        settle(trainer);
    }

    /** The compute thread makes this step now. */
    void trains(int step) {
        activity.computes("trains step " + step);
    }

    /** The next batch; empty when training is over. */
    Optional<Batch> takeBatch(BatchTrainer trainer) {
        return activity.waits("waits for the batch of step " + (trainer.version() + 1), () -> nextBatch(trainer));
    }

    private Optional<Batch> nextBatch(BatchTrainer trainer) {
        return idle.waiting(() -> {
            while (true) {
                Sink.Memory answer = ranks.isFirst()
                        ? driver.fetch(
                                Messages.NEXT,
                                new Messages.Next(
                                        driver.me(), trainer.version() + 1, idle.pulse(), reports.isSettled()))
                        : null;
                NextKind kind = toAll(
                        answer == null
                                ? null
                                : answer.head(Messages.NextHead.class).kind());
                switch (kind) {
                    case BATCH -> {
                        return Optional.of(
                                BatchArrow.fromBytes(ranks.broadcast(answer == null ? null : answer.bytes())));
                    }
                    case OVER -> {
                        return Optional.empty();
                    }
                    case NOT_YET -> reports.settle();
                }
            }
        });
    }

    private NextKind toAll(NextKind first) {
        ByteChunks sent = ranks.broadcast(first == null ? null : ByteChunks.of(new byte[] {(byte) first.ordinal()}));
        ByteBuffer one = ByteBuffer.allocate(1);
        sent.read(0, one);
        return NextKind.values()[one.get(0)];
    }

    /**
     * Offers the weights after a step. Digest, checksums and the driver's answer are left to {@link WeightReports}: the batch of
     * the next step may be taken before this step is recorded, but no checkpoint is written and training does not end before.
     */
    void publish(BatchTrainer trainer, StepReport report) {
        offer(trainer, report);
    }

    private void offer(BatchTrainer trainer, StepReport report) {
        driver.at(trainer.version());
        activity.computes("publishes version " + trainer.version());
        settle(trainer);
        server.makeRoom();
        Offer.Canary scored = new Offer.Canary(canary, 1, trainer.score(canary, 1));
        WeightSnapshot weights = trainer.snapshot();
        Messages.Pulse pulse = idle.pulse();
        Supplier<List<Part>> parts = parts(trainer, weights);
        if (!ranks.isFirst()) return;
        reports.begin(() -> {
            List<Part> all = parts.get();
            List<Offer.Source> sources = all.stream().map(Part::source).toList();
            Offer offer = new Offer(weights.version(), all.get(0).digest(), sources, scored);
            driver.ask(
                    Messages.STEPPED,
                    new Messages.Stepped(driver.me(), report, offer, pulse, numerics),
                    Messages.Done.class);
        });
    }

    /** What ranks say to each other they say at once; one alone says it when it is asked. */
    private Supplier<List<Part>> parts(BatchTrainer trainer, WeightSnapshot weights) {
        if (ranks.count() == 1) return () -> List.of(new Part(weights.digest(), server.offer(weights)));
        List<Part> parts = ranks.gather(Json.write(new Part(trainer.digest(), server.offer(weights)))).stream()
                .map(json -> Json.convert(Json.tree(json), Part.class))
                .toList();
        checkEqual(parts, weights.version());
        return () -> parts;
    }

    /** Waits until the newest step is recorded. */
    private void settle(BatchTrainer trainer) {
        activity.waits("reports version " + trainer.version(), reports::settle);
    }

    /**
     * What a rank says of new weights.
     *
     * @param digest of all of them, as this rank sees them
     * @param source where what it holds of them is served
     */
    record Part(String digest, Offer.Source source) {}

    private static void checkEqual(List<Part> parts, int version) {
        for (int rank = 1; rank < parts.size(); rank++)
            if (!parts.get(rank).digest().equals(parts.get(0).digest()))
                throw new IllegalStateException("weights of version " + version + ": rank " + rank + " has "
                        + parts.get(rank).digest() + ", rank 0 has "
                        + parts.get(0).digest());
    }

    /** Saves a checkpoint after every {@code trainer.checkpointEvery} steps, and while trainers catch up. */
    void maybeSave(BatchTrainer trainer, CatchUp catchUp) {
        int version = trainer.version();
        if (plan.config().trainer().checkpoints().includes(version) || catchUp.saves(version)) save(trainer, false);
    }

    /** Saves the last checkpoint of the run. */
    void save(BatchTrainer trainer) {
        save(trainer, true);
    }

    private void save(BatchTrainer trainer, boolean last) {
        settle(trainer); // a step is recorded before its checkpoint is written
        activity.waits("saves the checkpoint of step " + trainer.version(), () -> saveNow(trainer, last));
    }

    private void saveNow(BatchTrainer trainer, boolean last) {
        RunFolder folder = RunFolder.at(plan.runFolder());
        StoragePath checkpoint = folder.checkpoint(trainer.version());
        boolean missing = ranks.isFirst() && !folder.isComplete(checkpoint);
        if (ranks.sum(missing ? 1 : 0)[0] > 0) trainer.save(checkpoint, tokenizerJson);
        if (!ranks.isFirst()) return;
        OldCheckpoints.delete(folder, plan.config());
        if (last) driver.ask(Messages.SAVED, new Messages.Saved(driver.me(), trainer.version()), Messages.Done.class);
    }

    /** Serves the last weights, which are still evaluated, until the driver says stop. */
    void serveUntilStopped() {
        activity.waits("serves the last weights", this::watchUntilStopped);
    }

    private void watchUntilStopped() {
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
        reports.close();
        heartbeat.close();
        activity.close();
        server.close();
        driver.close();
    }
}
