package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;
import io.tramontane.data.RewardBreakdown;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class VerifierLinkTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private InProcessRun run;
    private VerifierLink link;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(2, 3));
        run.hello(GENERATOR, TRAINER);
        run.ask(Messages.STEPPED, run.stepped(0));
        run.ask(Messages.SWAPPED, new Messages.Swapped(GENERATOR, 0, 1e-9, 0.5));
        run.ask(Messages.LEASE, new Messages.LeaseRequest(GENERATOR, 2, new Messages.Pulse(0, 1)));
        run.deliver(GENERATOR, InProcessRun.sampled(0, 0), InProcessRun.sampled(1, 0));
        link = new VerifierLink(run.plan(new ScriptedRoles()), VERIFIER);
    }

    @AfterEach
    void close() {
        link.close();
        run.close();
    }

    private static GroupVerifier verifier(BiFunction<Group, Runnable, List<RewardBreakdown>> scores) {
        return new GroupVerifier() {
            @Override
            public List<RewardBreakdown> score(Group group, int step, Runnable progress) {
                return scores.apply(group, progress);
            }

            @Override
            public void close() {}
        };
    }

    @Test
    void groupsOfMathsAreTakenTogetherAndTheirRewardsArrive() {
        List<VerifierLink.Task> groups = link.take(Kind.MATH);
        assertEquals(
                List.of(0L, 1L), groups.stream().map(task -> task.group().id()).toList());
        assertEquals(List.of(1, 1), groups.stream().map(VerifierLink.Task::step).toList());
        GroupVerifier verifier =
                verifier((group, progress) -> List.of(InProcessRun.reward(true), InProcessRun.reward(false)));
        for (VerifierLink.Task group : groups) link.reward(group, verifier);
        Batch batch = run.state.ledger().takeBatch(1, LONG).orElseThrow();
        // format 0.1, correctness 0.9 for the first completion of each group
        assertEquals(1.0, batch.groups().get(0).values()[0], 1e-12);
        assertEquals(0.1, batch.groups().get(1).values()[1], 1e-12);
    }

    @Test
    void thereAreNoProgramsToTake() {
        assertEquals(List.of(), link.take(Kind.CODE));
        assertFalse(link.stopped());
    }

    @Test
    void aVerifierThatThrowsIsOurFailureAndNoRewardOfZero() {
        GroupVerifier broken = verifier((group, progress) -> {
            throw new IllegalStateException("boom");
        });
        for (VerifierLink.Task group : link.take(Kind.MATH)) link.reward(group, broken);
        String where = run.state.ledger().summary();
        assertTrue(where.contains("0 leased, 0 delivered, 0 ready"), where); // both dropped
        run.state.endTraining();
        assertEquals(
                "no step was made (trainer.minutes are over): 0 groups were scored, 0 of them with different rewards,"
                        + " 2 could not be scored (the last one because the verifier failed:"
                        + " java.lang.IllegalStateException: boom); a batch needs 2 groups with different rewards",
                run.state.withoutStep().orElseThrow());
    }

    @Test
    void onlyGroupsThatMadeProgressAreReported() {
        VerifierLink.Task group = link.take(Kind.MATH).get(0);
        long start = System.nanoTime();
        link.reportProgress(); // nothing to report: a second passes, and the run stands still
        Duration still = run.state.ledger().sinceProgress();
        assertTrue(still.toMillis() >= 990, still.toString());
        CountDownLatch reported = new CountDownLatch(1);
        link.startThread("test", () -> {
            link.reward(group, verifier((same, progress) -> {
                progress.run();
                await(reported);
                return List.of(InProcessRun.reward(true), InProcessRun.reward(true));
            }));
        });
        // reported within a second or two, while the group is still with its verifier
        while (run.state.ledger().sinceProgress().compareTo(still) >= 0) {
            assertTrue(System.nanoTime() - start < LONG.toNanos(), "no progress was reported");
            link.reportProgress();
        }
        reported.countDown();
        assertTrue(run.await(() -> run.state.ledger().summary().endsWith(" 1 at verifiers")));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LONG.toSeconds(), TimeUnit.SECONDS), "never released");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatAnotherThreadThrowsEndsTheVerifier() {
        CountDownLatch begun = new CountDownLatch(1);
        link.startThread("programs-0", () -> {
            begun.countDown();
            throw new IllegalStateException("out of memory");
        });
        await(begun);
        IllegalStateException ended = assertThrows(IllegalStateException.class, () -> {
            long end = System.nanoTime() + LONG.toNanos();
            while (!link.stopped() && System.nanoTime() < end) Thread.onSpinWait();
        });
        assertEquals("verifier-0: out of memory", ended.getMessage());
    }

    @Test
    void aVerifierHearsOfTheEndWithItsNextQuestion() {
        run.state.stop();
        assertFalse(link.stopped());
        assertEquals(List.of(), link.take(Kind.MATH));
        assertTrue(link.stopped());
    }
}
