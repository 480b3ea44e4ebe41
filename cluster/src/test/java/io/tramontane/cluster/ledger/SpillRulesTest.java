package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.LocalStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of which something was kept: two groups a batch. */
class SpillRulesTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);

    @TempDir
    Path folder;

    private final Given.Memory store = new Given.Memory();
    private final List<Spilled> kept = new ArrayList<>();
    private final List<Long> deleted = new ArrayList<>();

    private LedgerState ledger(int maxLag, int version) {
        LocalStorage events = new LocalStorage(folder.resolve("events.jsonl"));
        History history = History.read(events);
        LedgerState state = new LedgerState(
                new LedgerConfig(2, maxLag, 1, Duration.ofMillis(100), Duration.ofMillis(50)),
                new EventLog(events, history.chain()),
                store,
                new LedgerListener() {},
                history);
        state.restore(new SpillStore() {
            @Override
            public List<Spilled> all() {
                return kept;
            }

            @Override
            public void delete(long group) {
                deleted.add(group);
            }
        });
        state.open(0, version);
        return state;
    }

    private static List<Lease> lease(LedgerState ledger, int version, int max) {
        return ledger.lease(0, GENERATOR, version, max);
    }

    private static void finish(LedgerState ledger, long id, int version) {
        assertTrue(ledger.deliver(0, GENERATOR, Given.group(id, version)));
        ledger.rewards(0, id, Given.rewards(0.9, 0));
    }

    /** Eight groups of version 0 are leased, six of them trained; 6 and 7 are in flight. */
    private void threeStepsThenAStop() {
        LedgerState ledger = ledger(3, 0);
        assertEquals(8, lease(ledger, 0, 100).size());
        for (int step = 1; step <= 3; step++) {
            finish(ledger, 2L * step - 2, 0);
            finish(ledger, 2L * step - 1, 0);
            assertTrue(ledger.takeBatch(0, step).isPresent());
            ledger.published(0, step);
        }
        ledger.stop(0);
        deleted.clear();
    }

    @Test
    void oneThatIsInTimeIsLeasedAsBeforeAndFirst() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(7, 0, 1), 2));
        LedgerState ledger = ledger(3, 3);
        // due at step 4: group 7 is, and group 6 is sampled from its start by version 3
        assertEquals(List.of(new Lease(7, 0, 1), new Lease(6, 3, 4)), lease(ledger, 3, 2));
        finish(ledger, 6, 3);
        assertEquals(Optional.empty(), ledger.takeBatch(0, 4));
        assertEquals(List.of(), deleted);
        finish(ledger, 7, 0);
        assertTrue(ledger.takeBatch(0, 4).isPresent());
        assertEquals(Set.of(6L, 7L), Set.copyOf(deleted));
    }

    @Test
    void aGeneratorWithoutWeightsGetsNothingSoThatItCannotPassOverWhatIsKept() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(7, 0, 1), 2));
        LedgerState ledger = ledger(3, 3);
        assertEquals(List.of(), lease(ledger, -1, 2)); // it has not said yet which weights it has
        assertEquals(List.of(new Lease(7, 0, 1)), lease(ledger, 3, 1));
    }

    @Test
    void oneThatIsTooOldIsSampledFromItsStart() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(6, 0, 1), 0)); // due at step 2 with a lag of 1, three are taken
        LedgerState ledger = ledger(1, 3);
        assertEquals(List.of(6L), deleted);
        assertEquals(List.of(new Lease(6, 3, 4)), lease(ledger, 3, 1));
    }

    @Test
    void thereIsRoomForSoManyAsWereInTimeBefore() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(6, 0, 1), 0));
        kept.add(new Spilled(new Lease(7, 0, 1), 0));
        LedgerState ledger = ledger(3, 3);
        // (3 + 1 + 3) * 2 - 6 trained = 8 places, two of them taken
        assertEquals(8, lease(ledger, 3, 100).size());
        assertEquals(List.of(), deleted);
    }

    @Test
    void weightsThatAreOlderThanItsTokensDoNotGoOn() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(6, 0, 1), 3));
        LedgerState ledger = ledger(3, 2); // the last checkpoint is older
        assertEquals(List.of(7L), lease(ledger, 2, 1).stream().map(Lease::group).toList());
        ledger.published(0, 3);
        assertEquals(List.of(new Lease(6, 0, 1)), lease(ledger, 3, 1));
    }

    @Test
    void withoutLagNothingGoesOn() {
        LedgerState before = ledger(0, 0);
        assertEquals(2, lease(before, 0, 2).size());
        before.stop(0);
        kept.add(new Spilled(new Lease(1, 0, 1), 0));
        LedgerState ledger = ledger(0, 0);
        assertEquals(List.of(1L), deleted);
        assertEquals(List.of(new Lease(0, 0, 1), new Lease(1, 0, 1)), lease(ledger, 0, 2));
    }

    @Test
    void oneThatWasTrainedMeanwhileIsForgotten() {
        threeStepsThenAStop();
        kept.add(new Spilled(new Lease(5, 0, 1), 0));
        ledger(3, 3);
        assertEquals(List.of(5L), deleted);
    }

    @Test
    void whatAGeneratorHandsBackKeepsItsPlaceAndGoesToTheNext() {
        LedgerState ledger = ledger(3, 0);
        lease(ledger, 0, 2);
        Holder next = new Holder("generator-1", 1);
        Spilled sampled = new Spilled(new Lease(1, 0, 1), 0);
        assertFalse(ledger.handBack(0, next, sampled));
        assertTrue(ledger.handBack(0, GENERATOR, sampled));
        assertFalse(ledger.handBack(0, GENERATOR, sampled));
        assertFalse(ledger.deliver(0, GENERATOR, Given.group(1, 0)));
        assertEquals(List.of(new Lease(1, 0, 1)), ledger.lease(0, next, 0, 1));
        ledger.register(0, new Holder("generator-1", 9)); // killed: what was kept is still there
        assertEquals(List.of(new Lease(1, 0, 1)), ledger.lease(0, new Holder("generator-1", 9), 0, 1));
    }

    @Test
    void oneThatIsSuspectIsLeasedAlone() {
        LedgerState ledger = ledger(3, 0);
        for (int attempt = 0; attempt < 3; attempt++) {
            Holder holder = new Holder("generator-0", attempt);
            ledger.register(0, holder);
            assertEquals(List.of(0L, 1L), ids(ledger.lease(0, holder, 0, 2)));
            if (attempt == 0) {
                assertTrue(ledger.handBack(0, holder, new Spilled(new Lease(0, 0, 1), 0)));
                assertTrue(ledger.handBack(0, holder, new Spilled(new Lease(1, 0, 1), 0)));
                assertEquals(List.of(0L, 1L), ids(ledger.lease(0, holder, 0, 2)));
            }
        }
        Holder next = new Holder("generator-0", 3);
        ledger.register(0, next); // three deaths
        assertEquals(List.of(0L), ids(ledger.lease(0, next, 0, 9)));
        assertEquals(List.of(), ledger.lease(0, next, 0, 9));
        assertTrue(ledger.deliver(0, next, Given.group(0, 0)));
        assertEquals(List.of(1L), ids(ledger.lease(0, next, 0, 9)));
        assertTrue(ledger.deliver(0, next, Given.group(1, 0)));
        assertEquals(List.of(2L, 3L), ids(ledger.lease(0, next, 0, 2)));
    }

    private static List<Long> ids(List<Lease> leases) {
        return leases.stream().map(Lease::group).toList();
    }

    @Test
    void wholeGroupsAreTheDriversToKeep() {
        LedgerState ledger = ledger(3, 0);
        lease(ledger, 0, 3);
        finish(ledger, 0, 0);
        ledger.deliver(0, GENERATOR, Given.group(2, 0));
        assertEquals(
                Set.of(new Lease(0, 0, 1), new Lease(2, 0, 1)), ledger.sampled().keySet());
    }
}
