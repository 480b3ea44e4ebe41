package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.SmallDisk;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.Stage;
import io.tramontane.cluster.flight.Sink;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.cluster.ledger.Lease;
import io.tramontane.cluster.roles.Messages.NextKind;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.RewardBreakdown;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DriverTest {
    private static final Messages.Pulse PULSE = new Messages.Pulse(0, 1);

    @TempDir
    Path folder;

    private InProcessRun run;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
    }

    @AfterEach
    void close() {
        run.close();
    }

    private Messages.News watch(Holder holder, int version, Integer... orders) {
        return (Messages.News) run.ask(Messages.WATCH, new Messages.Watch(holder, version, false, List.of(orders)));
    }

    private Messages.NextHead next(int step) {
        return (Messages.NextHead) run.fetch(Messages.NEXT, run.next(step)).head();
    }

    @Test
    void aGroupGoesFromLeaseToBatchToTheRowOfItsStep() {
        run.hello(GENERATOR, VERIFIER, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
        assertEquals(
                new Messages.Leases(List.of(new Lease(0, 0, 1), new Lease(1, 0, 1)), List.of()),
                run.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 2, PULSE)));
        run.deliver(GENERATOR, InProcessRun.sampled(0, 0), InProcessRun.sampled(1, 0));
        InProcessRun.Fetched toScore = run.fetch(Messages.SCORE, new Messages.Score(VERIFIER, Kind.MATH, 4, PULSE));
        assertEquals(new Messages.ToScore(List.of(1, 1), false), toScore.head());
        assertEquals(List.of(0L, 1L), toScore.groups().stream().map(Group::id).toList());
        run.score(0);
        run.score(1);
        InProcessRun.Fetched batch = run.fetch(Messages.NEXT, run.next(1));
        assertEquals(new Messages.NextHead(NextKind.BATCH), batch.head());
        assertEquals(1, batch.batch().step());
        assertEquals(2, batch.batch().groups().size());
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(List.of(1), run.train.stream().map(row -> row.get("step")).toList());
        // rewards 1.0 and 0.1 in each group: mean 0.55
        assertEquals(0.55, (double) run.train.get(0).get("reward"), 1e-12);
        assertEquals(1e-9, run.train.get(0).get("mismatchKl")); // the canary's
        assertEquals(0.5, run.train.get(0).get("weightSyncSeconds"));
        assertEquals(1, run.state.newest().version());
    }

    @Test
    void theTrainerHearsThatNoBatchIsFullAndThatTrainingIsOver() {
        run.fillFirstBatch();
        assertEquals(NextKind.BATCH, next(1).kind());
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(NextKind.NOT_YET, next(2).kind());
        assertFalse(run.state.over());
        assertEquals(NextKind.OVER, next(3).kind()); // trainer.steps is 2
        assertTrue(run.state.over());
    }

    /** The last weights are evaluated, so they must be there first. */
    @Test
    void trainingDoesNotEndBeforeTheLastStepIsReported() {
        run.fillFirstBatch();
        assertEquals(NextKind.BATCH, next(1).kind());
        run.state.interrupt();
        Messages.Next early = new Messages.Next(TRAINER, 2, PULSE, false);
        assertEquals(
                new Messages.NextHead(NextKind.NOT_YET),
                run.fetch(Messages.NEXT, early).head());
        assertFalse(run.state.over());
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(NextKind.OVER, next(2).kind());
    }

    @Test
    void aRestartedTrainerIsServedTheRecordedBatchAndItsStepIsToldOnce() {
        run.fillFirstBatch();
        List<Long> first = run.fetch(Messages.NEXT, run.next(1)).batch().groups().stream()
                .map(scored -> scored.group().id())
                .toList();
        run.ask(Messages.STEPPED, run.stepped(1));
        List<Long> again = run.fetch(Messages.NEXT, run.next(1)).batch().groups().stream()
                .map(scored -> scored.group().id())
                .toList();
        assertEquals(List.of(0L, 1L), first);
        assertEquals(first, again);
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(1, run.train.size());
    }

    @Test
    void everySecondVersionIsEvaluatedByTheFirstGeneratorAlone() {
        Holder second = new Holder("generator-1", 9);
        run.hello(GENERATOR, second, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        Messages.News first = watch(GENERATOR, -1);
        assertEquals(0, first.newest().version());
        assertEquals(
                List.of(0),
                first.evaluations().stream().map(Messages.Order::number).toList());
        assertTrue(first.evaluations().get(0).forced()); // the untrained policy, and the source has openings
        assertEquals(List.of(), watch(second, -1).evaluations());
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(1, watch(GENERATOR, 0, 0).evaluations().size());
        run.ask(Messages.STEPPED, run.stepped(2));
        Messages.Order last = watch(GENERATOR, 1, 0).evaluations().get(1);
        assertEquals(2, last.offer().version());
        assertFalse(last.forced());
    }

    @Test
    void aRunIsFinishedWhenTheLastCheckpointIsSavedAndTheLastEvaluationComplete() {
        run.fillFirstBatch();
        next(1);
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(NextKind.OVER, next(3).kind());
        // order 0 is version 0 with forced openings, order 1 the last weights
        Messages.News news = watch(GENERATOR, 1, 0);
        assertTrue(news.over());
        assertEquals(
                List.of(0, 1),
                news.evaluations().stream().map(o -> o.offer().version()).toList());
        run.ask(Messages.UNABLE, new Messages.Unable(GENERATOR, 0, "the trainer was killed"));
        run.ask(Messages.SAVED, new Messages.Saved(TRAINER, 1));
        assertFalse(run.state.finished());
        for (int index = 0; index < 2; index++) {
            long id = EvaluationIds.of(1, false, index);
            run.deliver(GENERATOR, InProcessRun.sampled(id, 1));
            run.score(id);
        }
        assertTrue(run.state.finished());
        run.state.end("test");
        assertEquals(1, run.eval.size());
        assertEquals(1, run.eval.get(0).get("step"));
        assertEquals(0.5, run.eval.get(0).get("correctness"));
        assertTrue(
                run.messages.contains("an evaluation is left out, its weights are gone: the trainer was killed"),
                run.messages.toString());
    }

    @Test
    void afterCtrlCTheRunningStepIsTheLastAndEvaluationsAreLeftOut() {
        run.fillFirstBatch();
        next(1);
        run.state.interrupt();
        assertTrue(watch(GENERATOR, 0).stop());
        assertFalse(run.state.over());
        run.ask(Messages.STEPPED, run.stepped(1));
        assertEquals(NextKind.OVER, next(2).kind());
        run.ask(Messages.SAVED, new Messages.Saved(TRAINER, 1));
        assertTrue(run.state.finished());
        assertEquals("interrupted", run.state.reason());
        assertEquals(1, run.state.evaluations().outstanding().size()); // that of version 0; none of the last weights
    }

    @Test
    void aVerifierThatIsStoppedGetsNothingAnyMore() {
        run.hello(VERIFIER);
        run.state.stop();
        InProcessRun.Fetched toScore = run.fetch(Messages.SCORE, new Messages.Score(VERIFIER, Kind.MATH, 4, PULSE));
        assertEquals(new Messages.ToScore(List.of(), true), toScore.head());
    }

    @Test
    void aGeneratorThatDisagreesWithTheTrainerEndsTheRun() {
        run.hello(GENERATOR);
        run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 4, 0.25, 0.5));
        assertEquals(
                Optional.of("generator and trainer disagree: mean KL 0.25 on the canary sequence of generator-0#1 at"
                        + " policy version 4, cluster.maxMismatchKl allows 0.001"),
                run.state.failure().map(Throwable::getMessage));
    }

    @Test
    void completionsThatCannotBeScoredEndTheRun() {
        run.fillFirstBatch();
        List<RewardBreakdown> broken =
                List.of(RewardBreakdown.unscored("no sandbox", 1), RewardBreakdown.unscored("no sandbox", 1));
        long id = EvaluationIds.of(0, false, 0);
        for (int i = 0; i < 32; i++) {
            assertEquals(Optional.empty(), run.state.failure());
            run.deliver(GENERATOR, InProcessRun.sampled(id, 0));
            run.ask(Messages.SCORED, new Messages.Scored(VERIFIER, id, broken));
        }
        assertEquals(
                Optional.of(
                        "32 groups in a row could not be scored (cluster.maxUnscoredGroups 32), the last one because"
                                + " no sandbox"),
                run.state.failure().map(Throwable::getMessage));
    }

    @Test
    void aTaskThatWasReplacedMayNotActAnyMore() {
        run.hello(GENERATOR, new Holder("generator-0", 5));
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> watch(GENERATOR, -1));
        assertEquals("generator-0#1 was replaced by a newer attempt", refused.getMessage());
        assertThrows(IllegalStateException.class, () -> run.deliver(GENERATOR, InProcessRun.sampled(0, 0)));
    }

    @Test
    void aCallThatTheDriverDoesNotKnowIsRefusedByName() {
        assertEquals(
                "no action lend",
                assertThrows(IllegalArgumentException.class, () -> run.ask("lend", PULSE))
                        .getMessage());
        assertEquals(
                "no stream lend",
                assertThrows(IllegalArgumentException.class, () -> run.fetch("lend", PULSE))
                        .getMessage());
        assertEquals(
                "no put lend",
                assertThrows(IllegalArgumentException.class, () -> run.driver.accept("lend", new Sink.Memory()))
                        .getMessage());
    }

    @Test
    void aStageIsToldWhenItsFirstBatchIsTaken() throws IOException {
        Config staged = InProcessRun.config(3, 0)
                .with(List.of(
                        new Stage(2, Map.of("rollout.maxTokens", List.of("72"), "trainer.batchSize", List.of("8")))));
        try (InProcessRun run = new InProcessRun(folder.resolve("staged"), staged)) {
            run.hello(GENERATOR, VERIFIER, TRAINER);
            run.ask(Messages.STEPPED, run.stepped(0));
            for (int step = 1; step <= 2; step++) {
                run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, step - 1, 1e-9, 0.5));
                Messages.Leases leases =
                        (Messages.Leases) run.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 1, PULSE));
                assertEquals(2 * step, leases.leases().size()); // batches of four and eight, groups of two
                for (Lease lease : leases.leases()) {
                    assertEquals(step, lease.step());
                    run.deliver(GENERATOR, InProcessRun.sampled(lease.group(), step - 1));
                    run.fetch(Messages.SCORE, new Messages.Score(VERIFIER, Kind.MATH, 4, PULSE));
                    run.score(lease.group());
                }
                run.fetch(Messages.NEXT, run.next(step));
                run.fetch(Messages.NEXT, run.next(step)); // a trainer that starts again is told nothing new
                run.ask(Messages.STEPPED, run.stepped(step));
            }
            assertEquals(
                    List.of(1, 2),
                    run.train.stream().map(row -> row.get("stage")).toList());
            assertEquals(
                    List.of("step 2, stage 2 of 2: rollout.maxTokens 72, trainer.batchSize 8"),
                    run.messages.stream()
                            .filter(line -> line.startsWith("step "))
                            .toList());
        }
    }

    @Test
    void aRecordedBatchThatIsDamagedEndsTheRunAtOnceAsBadInput() throws IOException {
        run.fillFirstBatch();
        assertEquals(NextKind.BATCH, next(1).kind());
        Path file = run.folder.batch(1).local();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        BadInputException e = assertThrows(BadInputException.class, () -> next(1)); // a trainer that started again
        assertTrue(e.getMessage().startsWith(file + ": has SHA-256 "), e.getMessage());
        assertTrue(e.getMessage().contains("; restore it from a backup, or give step 1 and all"), e.getMessage());
        assertEquals(Optional.of(e), run.state.failure());
        Files.delete(file);
        assertTrue(assertThrows(BadInputException.class, () -> next(1))
                .getMessage()
                .startsWith(file + ": is missing, the ledger recorded it"));
    }

    /** The disk is full when a generator ends: its groups wait for its next attempt, and the run goes on. */
    @Test
    void aTaskMayEndWhileTheLedgerCannotBeWritten() throws IOException {
        try (SmallDisk disk = SmallDisk.in(folder, 64);
                InProcessRun full = new InProcessRun(disk.folder(), InProcessRun.config(2, 3))) {
            full.hello(GENERATOR, TRAINER);
            full.ask(Messages.STEPPED, full.stepped(0));
            full.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
            full.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 2, PULSE));
            Path ballast = disk.folder().resolve("ballast");
            assertThrows(IOException.class, () -> Files.write(ballast, new byte[1 << 20]));
            fillUp(full);
            full.state.gone(GENERATOR.name());
            assertEquals(Optional.empty(), full.state.failure());
            Files.delete(ballast);
            Holder next = new Holder(GENERATOR.name(), GENERATOR.attempt() + 1);
            full.hello(next);
            full.ask(Messages.SWAPPED, new Messages.Swapped(next, 0, 1e-9, 0.5));
            Messages.Leases again =
                    (Messages.Leases) full.ask(Messages.LEASE, new Messages.LeaseRequest(next, 2, PULSE));
            assertEquals(
                    List.of(0L, 1L), again.leases().stream().map(Lease::group).toList());
        }
    }

    /** A page of the file system may have room still: events take it, until none goes in. */
    private static void fillUp(InProcessRun full) {
        for (int i = 0; i < 1_000; i++) {
            try {
                full.state.ledger().published(0);
            } catch (UncheckedIOException none) {
                return;
            }
        }
        throw new IllegalStateException("the disk never was full");
    }
}
