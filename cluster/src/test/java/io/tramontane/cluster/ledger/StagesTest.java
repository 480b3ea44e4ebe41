package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.Batch;
import io.tramontane.data.Group;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of a run whose batches change: two groups in steps 1 and 2, three from step 3 on. */
class StagesTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);
    private static final Holder VERIFIER = new Holder("verifier-0", 0);

    @TempDir
    Path folder;

    private final Given.Memory store = new Given.Memory();

    private Path events() {
        return folder.resolve("events.jsonl");
    }

    private LedgerState ledger(int maxLag, int version) {
        BatchSizes sizes = BatchSizes.of(new TreeMap<>(Map.of(1, 2, 3, 3)));
        LedgerConfig config = new LedgerConfig(sizes, maxLag, 1, Duration.ofMillis(100), Duration.ofMillis(50));
        History history = History.read(new LocalStorage(events()));
        LedgerState state = new LedgerState(
                config,
                new EventLog(new LocalStorage(events()), history.chain()),
                store,
                new LedgerListener() {},
                history);
        state.open(0, version);
        return state;
    }

    private static Lease lease(long group, int version, int step) {
        return new Lease(group, version, step);
    }

    private static void finish(LedgerState ledger, long id, int version, double... correctness) {
        assertTrue(ledger.deliver(0, GENERATOR, Given.group(id, version)));
        ledger.rewards(0, id, Given.rewards(correctness));
    }

    private static List<Long> taken(LedgerState ledger, int step) {
        Batch batch = ledger.takeBatch(0, step).orElseThrow();
        ledger.published(0, step);
        return batch.groups().stream().map(g -> g.group().id()).toList();
    }

    @Test
    void theNextStageBeginsWhenAllGroupsOfTheOneBeforeAreOut() {
        LedgerState ledger = ledger(2, 0);
        // due at step 3: two steps of two places, then one of three
        assertEquals(
                List.of(lease(0, 0, 1), lease(1, 0, 1), lease(2, 0, 1), lease(3, 0, 1)),
                ledger.lease(0, GENERATOR, 0, 4));
        assertEquals(List.of(lease(4, 0, 3), lease(5, 0, 3), lease(6, 0, 3)), ledger.lease(0, GENERATOR, 0, 100));
    }

    @Test
    void aBatchWaitsForItsOwnStageAndADroppedGroupIsReplacedInIt() {
        LedgerState ledger = ledger(2, 0);
        ledger.lease(0, GENERATOR, 0, 100);
        finish(ledger, 4, 0, 0.9, 0); // of step 3
        finish(ledger, 5, 0, 0.9, 0);
        finish(ledger, 0, 0, 0.9, 0.9); // dropped
        finish(ledger, 1, 0, 0.9, 0);
        assertTrue(ledger.takeBatch(0, 1).isEmpty()); // three are ready, one of them for step 1
        assertEquals(List.of(lease(7, 0, 1)), ledger.lease(0, GENERATOR, 0, 100));
        finish(ledger, 2, 0, 0.9, 0);
        assertEquals(List.of(1L, 2L), taken(ledger, 1));
        finish(ledger, 3, 0, 0.9, 0);
        finish(ledger, 7, 0, 0.9, 0);
        assertEquals(List.of(3L, 7L), taken(ledger, 2));
        finish(ledger, 6, 0, 0.9, 0);
        assertEquals(List.of(4L, 5L, 6L), taken(ledger, 3));
    }

    @Test
    void withoutLagTheSetsHaveTheSizeOfTheStepAndAResumedRunFormsTheSame() {
        LedgerState ledger = ledger(0, 0);
        for (int step = 1; step <= 2; step++) {
            for (Lease lease : ledger.lease(0, GENERATOR, step - 1, 1)) finish(ledger, lease.group(), step - 1, 0.9, 0);
            assertEquals(2, taken(ledger, step).size());
        }
        List<Lease> third = List.of(lease(4, 2, 3), lease(5, 2, 3), lease(6, 2, 3));
        assertEquals(third, ledger.lease(0, GENERATOR, 2, 1));
        finish(ledger, 5, 2, 0.9, 0); // then the process dies
        LedgerState again = ledger(0, 2);
        assertEquals(third, again.lease(0, GENERATOR, 2, 1));
    }

    @Test
    void verifiersHearForWhichStepAGroupWasSampled() {
        LedgerState ledger = ledger(2, 0);
        ledger.lease(0, GENERATOR, 0, 100);
        assertTrue(ledger.deliver(0, GENERATOR, Given.group(6, 0)));
        ledger.deliverEvaluation(Given.group(-1, 0));
        List<Long> ids = ledger.takeForScoring(0, VERIFIER, Problem.Kind.MATH, 9).stream()
                .map(Group::id)
                .toList();
        assertEquals(List.of(6L, -1L), ids);
        assertEquals(List.of(3, 0), ledger.steps(ids));
    }
}
