package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Batch;
import io.tramontane.data.StoragePath;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.trainer.BatchTrainer;
import io.tramontane.trainer.StepReport;
import io.tramontane.trainer.TrainerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrainerLinkTest {
    /** Every step is saved. */
    private static final CatchUp SAVES = new CatchUp(9, 2);

    @TempDir
    Path folder;

    private final Counting trainer = new Counting();
    private InProcessRun run;
    private TrainerLink link;

    /** Counts its steps; a checkpoint is a folder with the tokenizer's name in it. */
    private final class Counting implements BatchTrainer {
        final List<Integer> saved = new ArrayList<>();
        final List<Integer> recordedAtSave = new ArrayList<>();
        int version;

        @Override
        public int version() {
            return version;
        }

        @Override
        public void use(TrainerConfig config) {}

        @Override
        public StepReport step(Batch batch) {
            version++;
            return new StepReport(version, 0.1, 0.5, 0, 0, 1, 2e-4, 0, 0, 1e-9, 10, 16);
        }

        @Override
        public WeightSnapshot snapshot() {
            return new WeightSnapshot(InProcessRun.SHAPE, version);
        }

        @Override
        public String digest() {
            return snapshot().digest();
        }

        @Override
        public float[] score(int[] tokens, int from) {
            float[] logprobs = new float[tokens.length - from];
            Arrays.fill(logprobs, -2);
            return logprobs;
        }

        @Override
        public void save(StoragePath folder, Path tokenizerJson) {
            Path checkpoint = folder.local();
            try {
                Files.createDirectories(checkpoint);
                Files.writeString(checkpoint.resolve("saved-with"), tokenizerJson.toString());
                saved.add(version);
                recordedAtSave.addAll(run.state.recorded().steps().keySet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<String> differenceFrom(StoragePath checkpoint) {
            throw new UnsupportedOperationException("a run compares no checkpoint");
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
        link = new TrainerLink(run.plan(new ScriptedRoles()), TRAINER, Collectives.ALONE);
    }

    @AfterEach
    void close() {
        link.close();
        run.close();
    }

    @Test
    void theFirstWeightsAreOfferedWithTheCanarysScores() {
        link.begin(trainer);
        Offer offer = run.state.newest();
        assertEquals(0, offer.version());
        assertEquals(32, offer.canary().tokens().length);
        assertEquals(1, offer.canary().from());
        float[] expected = new float[31];
        Arrays.fill(expected, -2);
        assertArrayEquals(expected, offer.canary().logprobs());
        assertEquals(0, WeightServer.shared(offer).orElseThrow().version());
        assertEquals(List.of(), run.train); // no step was made
        assertEquals(1, run.state.evaluations().outstanding().size());
    }

    @Test
    void aBatchIsTakenAndItsStepPublished() {
        run.fillFirstBatch();
        Batch batch = link.takeBatch(trainer).orElseThrow();
        assertEquals(1, batch.step());
        assertEquals(
                List.of(0L, 1L),
                batch.groups().stream().map(scored -> scored.group().id()).toList());
        link.publish(trainer, trainer.step(batch));
        link.maybeSave(trainer, SAVES); // not before the step is recorded
        assertEquals(List.of(1), trainer.recordedAtSave);
        assertEquals(1, run.state.newest().version());
        assertEquals(List.of(1), run.train.stream().map(row -> row.get("step")).toList());
    }

    @Test
    void aStepIsReportedWhileTheNextBatchIsInTrainingAndBeforeItsCheckpoint() {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        run.beforeRow = () -> await(mayAnswer);
        run.fillBatches(2);
        link.publish(trainer, trainer.step(link.takeBatch(trainer).orElseThrow()));
        Batch second = link.takeBatch(trainer).orElseThrow();
        assertEquals(2, second.step());
        assertEquals(List.of(), run.train);
        CompletableFuture.runAsync(mayAnswer::countDown);
        link.publish(trainer, trainer.step(second));
        link.maybeSave(trainer, CatchUp.NONE);
        assertEquals(List.of(2), trainer.saved);
        assertEquals(List.of(1, 2), trainer.recordedAtSave);
        assertEquals(
                List.of(1, 2), run.train.stream().map(row -> row.get("step")).toList());
    }

    @Test
    void aStepThatTheDriverRefusesEndsTheTrainer() {
        run.fillFirstBatch();
        Batch batch = link.takeBatch(trainer).orElseThrow();
        run.hello(new Holder(TRAINER.name(), TRAINER.attempt() + 1)); // a newer attempt
        link.publish(trainer, trainer.step(batch));
        RuntimeException refused = assertThrows(RuntimeException.class, () -> link.maybeSave(trainer, SAVES));
        assertTrue(refused.getMessage().contains("was replaced by a newer attempt"), refused.getMessage());
        assertEquals(List.of(), trainer.saved);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCheckpointIsSavedEverySecondStepAndNeverTwice() throws IOException {
        trainer.version = 1;
        link.maybeSave(trainer, CatchUp.NONE);
        assertEquals(List.of(), trainer.saved);
        trainer.version = 2;
        link.maybeSave(trainer, CatchUp.NONE);
        link.maybeSave(trainer, CatchUp.NONE); // a trainer that went on from this checkpoint
        assertEquals(List.of(2), trainer.saved);
        assertEquals(
                "tokenizer.json",
                Files.readString(run.folder.checkpoint(2).local().resolve("saved-with")));
        assertFalse(run.state.over());
    }

    @Test
    void afterTheLastStepTheLastCheckpointIsSavedAndItsWeightsServedUntilTheEnd() {
        link.begin(trainer);
        trainer.version = 2;
        link.publish(trainer, new StepReport(2, 0.1, 0.5, 0, 0, 1, 2e-4, 0, 0, 1e-9, 10, 16));
        assertEquals(Optional.empty(), link.takeBatch(trainer)); // step 3 of 2
        link.save(trainer);
        assertEquals(List.of(2), trainer.saved);
        assertFalse(run.state.finished());
        List<Messages.Order> open = run.state.evaluations().outstanding();
        assertEquals(
                List.of(0, 2),
                open.stream().map(order -> order.offer().version()).toList());
        assertEquals(2, WeightServer.shared(open.get(1).offer()).orElseThrow().version());
        for (Messages.Order order : open)
            run.state.unable(new Messages.Unable(TRAINER, order.number(), "left out by the test"));
        assertTrue(run.state.finished());
        run.state.stop();
        link.serveUntilStopped();
    }
}
