package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.flight.Offer;
import io.tramontane.cluster.flight.Secret;
import io.tramontane.cluster.flight.WeightServer;
import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Completion;
import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.rollout.GroupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class GeneratorLinkTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final ScriptedRoles roles = new ScriptedRoles();
    private final ScriptedGenerator generator = roles.generator();
    private InProcessRun run;
    private GeneratorLink link;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(4, 3));
        run.hello(TRAINER, VERIFIER);
        run.ask(Messages.STEPPED, run.stepped(0));
        link = new GeneratorLink(run.plan(roles), GENERATOR);
    }

    @AfterEach
    void close() {
        link.close();
        run.close();
    }

    @Test
    void theTokenizerEndsWithTheLink() {
        Tokenizer tokenizer = link.tokenizer();
        assertEquals(1, tokenizer.encode("1").length);
        link.close();
        assertThrows(IllegalStateException.class, () -> tokenizer.encode("1"));
    }

    private void start() {
        generator.with(link.firstWeights());
        link.started(generator);
    }

    /** The compute thread's loop, until something is so; each turn waits for half a second at most. */
    private void work(Runnable turn, BooleanSupplier until) {
        long end = System.nanoTime() + LONG.toNanos();
        turn.run();
        while (!until.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it never came");
            link.awaitWork();
            turn.run();
        }
    }

    private List<Long> toScore(int groups) {
        List<Long> ids = new ArrayList<>();
        while (ids.size() < groups) {
            List<Group> taken = run.state.ledger().takeForScoring(VERIFIER, Kind.MATH, groups, LONG);
            assertTrue(!taken.isEmpty(), "only " + ids);
            taken.forEach(group -> ids.add(group.id()));
        }
        return ids;
    }

    @Test
    void theFirstWeightsComeFromTheTrainerAndTheDriverHearsThatTheyAreInUse() {
        start();
        assertEquals(List.of(0), generator.versions);
        assertTrue(run.await(() -> run.state.tasks().version(GENERATOR) == 0));
        assertEquals(Optional.empty(), run.state.failure());
    }

    @Test
    void theCanaryIsScoredWithTheNewWeights() {
        generator.logprobs = new float[] {-1, -1.5f}; // d = 0 and 0.5: (0 + exp(0.5) - 1 - 0.5) / 2 = 0.0744
        start();
        assertTrue(run.await(() -> run.state.failure().isPresent()));
        String message = run.state.failure().orElseThrow().getMessage();
        assertTrue(message.startsWith("generator and trainer disagree: mean KL 0.0743"), message);
        assertTrue(message.contains(" on the canary sequence of generator-0#1 at policy version 0"), message);
    }

    @Test
    void groupsAreLeasedForTheFreeSlotsAndComeBackFinished() {
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        // eight slots are four groups of two
        assertEquals(
                List.of(0L, 1L, 2L, 3L),
                generator.submitted.stream().map(GroupRequest::id).toList());
        assertEquals("p1", generator.submitted.get(1).problem().id());
        assertEquals(2, generator.submitted.get(1).samples());
        link.deliver(generator.step());
        link.deliver(generator.step());
        assertEquals(List.of(0L, 1L), toScore(2));
    }

    @Test
    void aGroupThatTheDriverDoesNotWantAnyMoreIsNotClaimed() {
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        run.state.ledger().register(new Holder("generator-0", 2)); // the ledger gives its groups back
        link.deliver(generator.step());
        work(() -> {}, () -> !link.held().contains(0L));
        assertTrue(!link.stopped());
        assertEquals(List.of(), run.state.ledger().takeForScoring(VERIFIER, Kind.MATH, 1, Duration.ofMillis(1)));
    }

    @Test
    void aGroupThatTheDriverRefusesIsNotClaimedAndItsGeneratorEnds() {
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        assertTrue(link.held().containsAll(List.of(0L, 1L, 2L, 3L)), link.held().toString());
        run.state.ledger().close(); // it can write no more
        link.deliver(generator.step());
        IllegalStateException ended = assertThrows(IllegalStateException.class, () -> work(() -> {}, link::stopped));
        assertTrue(ended.getMessage().endsWith("the ledger is closed"), ended.getMessage());
        assertEquals(Set.of(1L, 2L, 3L), Set.copyOf(link.held()));
    }

    @Test
    void whatWasHandedOverBeforeTheEndReachesTheDriver() {
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        for (int i = 0; i < 4; i++) link.deliver(generator.step());
        link.deliverRest();
        assertEquals(List.of(0L, 1L, 2L, 3L), toScore(4));
    }

    @Test
    void whatIsHalfSampledAtTheEndGoesToTheNextGenerator() throws IOException {
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        GroupRequest request = generator.submitted.get(2);
        Completion half = new Completion(new int[] {9}, new float[] {-1}, new int[1], false, "");
        Completion none = new Completion(new int[0], new float[0], new int[0], false, "");
        generator.begun = List.of(
                new Group(2, request.problem(), request.promptTokens(), List.of(half, none)),
                new Group(3, request.problem(), request.promptTokens(), List.of(none, none)));
        run.state.interrupt();
        link.spill(generator);
        link.deliverRest();
        link.close();
        run.state.end("interrupted");
        assertTrue(run.messages.contains("kept for --resume: 1 spilled group (1 tokens)"), run.messages.toString());
        run.close();

        run = new InProcessRun(folder, InProcessRun.config(4, 3));
        run.hello(TRAINER, VERIFIER);
        run.ask(Messages.STEPPED, run.stepped(0));
        link = new GeneratorLink(run.plan(roles), GENERATOR);
        generator.submitted.clear();
        while (generator.live() > 0) generator.step();
        start();
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 1);
        assertEquals(2, generator.submitted.get(0).id());
        assertEquals(
                List.of(1, 0),
                generator.submitted.get(0).begun().stream()
                        .map(Completion::length)
                        .toList());
    }

    @Test
    void newerWeightsAreSwappedInOnce() {
        start();
        run.ask(Messages.STEPPED, run.stepped(1));
        work(() -> link.swapIfNewer(generator), () -> generator.versions.size() == 2);
        link.swapIfNewer(generator);
        assertEquals(List.of(0, 1), generator.versions);
        assertTrue(run.await(() -> run.state.tasks().version(GENERATOR) == 1));
    }

    @Test
    void weightsThatWaitForLiveSequencesAreReportedAndTheirCanaryScoredWhenTheyAreInUse() {
        generator.drains = true;
        start();
        assertTrue(run.await(() -> run.state.tasks().version(GENERATOR) == 0));
        work(() -> link.submitLeased(generator), () -> generator.submitted.size() >= 4);
        run.ask(Messages.STEPPED, run.stepped(1));
        float[] right = generator.logprobs;
        generator.logprobs = new float[] {-9, -9}; // the old weights' would end the run
        generator.scored = 0;
        work(() -> link.swapIfNewer(generator), () -> generator.given == 1);
        for (int i = 0; i < 3; i++) {
            link.deliver(generator.step());
            link.swapIfNewer(generator);
        }
        assertEquals(0, generator.scored);
        assertEquals(List.of(0), generator.versions);
        generator.logprobs = right;
        link.deliver(generator.step());
        link.swapIfNewer(generator);
        link.swapIfNewer(generator);
        assertEquals(1, generator.scored);
        assertTrue(run.await(() -> run.state.tasks().version(GENERATOR) == 1));
        assertEquals(Optional.empty(), run.state.failure());
    }

    @Test
    void generatorsRestWhileABatchAndAHalfWaitForTheTrainer() {
        Holder other = new Holder("generator-1", 8);
        run.hello(other);
        assertEquals(3, run.state.ledger().lease(other, () -> 0, 3, LONG).size());
        start();
        for (long id = 0; id < 3; id++) {
            run.deliver(other, InProcessRun.sampled(id, 0));
            run.score(id);
        }
        work(() -> {}, link::resting);
        run.fetch(Messages.NEXT, run.next(1));
        work(() -> {}, () -> !link.resting());
    }

    @Test
    void nothingIsLeasedWhenTrainingIsOver() {
        start();
        run.state.endTraining();
        work(() -> {}, link::trainingOver);
        link.submitLeased(generator);
        assertEquals(List.of(), generator.submitted);
        run.state.stop();
        work(() -> {}, link::stopped);
    }

    @Test
    void aTrainerThatDiesWhileItServesIsNoFailureAndItsEvaluationIsLeftOut() throws IOException {
        start();
        Offer dead;
        try (BufferAllocator allocator = new RootAllocator();
                WeightServer server = new WeightServer(allocator, "127.0.0.1", Secret.create(), v -> false)) {
            dead = InProcessRun.offer(server, new WeightSnapshot(InProcessRun.SHAPE, 2));
        }
        run.state.published(dead);
        assertTrue(run.await(() -> run.state.evaluations().outstanding().size() == 1)); // only that of version 0
        run.ask(Messages.STEPPED, run.stepped(3));
        work(() -> link.swapIfNewer(generator), () -> generator.versions.contains(3));
        assertEquals(List.of(0, 3), generator.versions);
        assertEquals(Optional.empty(), run.state.failure());
        run.state.end("test");
        assertTrue(
                run.messages.stream()
                        .anyMatch(line -> line.startsWith("an evaluation is left out, its weights are gone: ")),
                run.messages.toString());
    }

    @Test
    void aGeneratorThatWasReplacedEnds() {
        start();
        run.hello(new Holder("generator-0", 99));
        run.state.signal().raise();
        IllegalStateException ended = assertThrows(IllegalStateException.class, () -> work(() -> {}, link::stopped));
        assertTrue(ended.getMessage().startsWith("generator-0: driver at 127.0.0.1:"), ended.getMessage());
        assertTrue(ended.getMessage().endsWith("generator-0#1 was replaced by a newer attempt"), ended.getMessage());
    }
}
