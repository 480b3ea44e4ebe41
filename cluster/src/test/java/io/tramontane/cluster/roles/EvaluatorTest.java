package io.tramontane.cluster.roles;

import static io.tramontane.cluster.roles.InProcessRun.GENERATOR;
import static io.tramontane.cluster.roles.InProcessRun.TRAINER;
import static io.tramontane.cluster.roles.InProcessRun.VERIFIER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;
import io.tramontane.rollout.GroupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
class EvaluatorTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final ScriptedRoles roles = new ScriptedRoles();
    private InProcessRun run;
    private GeneratorLink link;
    private Evaluator evaluator;

    @BeforeEach
    void open() throws IOException {
        run = new InProcessRun(folder, InProcessRun.config(4, 3));
        run.hello(TRAINER, VERIFIER);
        run.ask(Messages.STEPPED, run.stepped(0));
        RunPlan plan = run.plan(roles);
        link = new GeneratorLink(plan, GENERATOR);
        link.started(roles.generator().with(link.firstWeights()));
        evaluator = new Evaluator(plan, link);
    }

    @AfterEach
    void close() {
        evaluator.close();
        link.close();
        run.close();
    }

    /** The compute thread's loop until an evaluation has begun, whose first step it makes. */
    private void begin() {
        long end = System.nanoTime() + LONG.toNanos();
        evaluator.advance();
        while (!evaluator.busy()) {
            assertTrue(System.nanoTime() < end, "no order came");
            link.awaitWork();
            evaluator.advance();
        }
    }

    /** What verifiers are offered until there are so many. */
    private List<Group> evaluated(int count) {
        List<Group> groups = new ArrayList<>();
        while (groups.size() < count) {
            List<Group> taken = run.state.ledger().takeForScoring(VERIFIER, Kind.MATH, count, LONG);
            assertTrue(!taken.isEmpty(), "only " + groups.size() + " came");
            groups.addAll(taken);
        }
        return groups;
    }

    @Test
    void theUntrainedPolicyAnswersEveryProblemOnceAndOnceWithItsOpening() {
        begin();
        assertEquals(List.of(0), roles.evaluator().versions);
        // a problem has its position as its number, which the random numbers depend on; -1 - position with an opening
        assertEquals(
                List.of(0L, -1L, 1L, -2L),
                roles.evaluator().submitted.stream().map(GroupRequest::id).toList());
        assertEquals(
                List.of(false, true, false, true),
                roles.evaluator().submitted.stream().map(GroupRequest::greedy).toList());
        assertEquals(0, roles.evaluator().submitted.get(0).openingTokens().length);
        assertTrue(roles.evaluator().submitted.get(1).openingTokens().length > 0);
    }

    @Test
    void eachStepHandsOverWhatFinishedAndTheLastOneFreesTheGenerator() {
        begin();
        for (int step = 2; step <= 4; step++) {
            assertTrue(evaluator.busy());
            assertFalse(roles.evaluator().closed);
            evaluator.advance();
        }
        assertFalse(evaluator.busy());
        assertTrue(roles.evaluator().closed);
        List<Group> groups = evaluated(4);
        // order 0: -1 - index, and -1 - 2^30 - index with an opening
        assertEquals(
                List.of(-1L, -1073741825L, -2L, -1073741826L),
                groups.stream().map(Group::id).toList());
        assertEquals(
                List.of("p0", "p0", "p1", "p1"),
                groups.stream().map(group -> group.problem().id()).toList());
        assertEquals(List.of(), roles.generator().submitted); // training has its own
    }

    @Test
    void anEvaluationIsMadeByExactlyTheVersionThatWasOrdered() {
        begin();
        for (int step = 2; step <= 4; step++) evaluator.advance();
        run.ask(Messages.STEPPED, run.stepped(2));
        begin();
        assertEquals(List.of(0, 2), roles.evaluator().versions);
        List<GroupRequest> second = roles.evaluator().submitted.subList(4, 6);
        assertEquals(List.of(0L, 1L), second.stream().map(GroupRequest::id).toList());
        evaluator.advance();
        assertFalse(evaluator.busy());
        // order 1: -1 - 2 * 2^30 - index
        assertEquals(
                List.of(-2147483649L, -2147483650L),
                evaluated(6).subList(4, 6).stream().map(Group::id).toList());
    }

    @Test
    void anEvaluationUnderWayIsGivenUpWithTheGenerator() {
        begin();
        evaluator.close();
        assertTrue(roles.evaluator().closed);
        assertFalse(evaluator.busy());
    }
}
