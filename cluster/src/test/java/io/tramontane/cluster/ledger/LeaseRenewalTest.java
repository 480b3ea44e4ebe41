package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.data.LocalStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases of 100 ms that are renewed, and two generators. Eight groups may be leased. */
class LeaseRenewalTest {
    private static final Holder FIRST = new Holder("generator-0", 0);
    private static final Holder SECOND = new Holder("generator-1", 0);

    @TempDir
    Path folder;

    private LedgerState ledger;

    @BeforeEach
    void leaseAllToTheFirst() {
        LocalStorage events = new LocalStorage(folder.resolve("events.jsonl"));
        History history = History.read(events);
        ledger = new LedgerState(
                new LedgerConfig(2, 3, 2, Duration.ofMillis(100), Duration.ofMillis(50)),
                new EventLog(events, history.chain()),
                new Given.Memory(),
                new LedgerListener() {},
                history);
        ledger.open(0, 0);
        assertEquals(8, ledger.lease(0, FIRST, 0, 8).size());
    }

    private List<Long> secondLeases(long now) {
        return ledger.lease(now, SECOND, 0, 8).stream().map(Lease::group).toList();
    }

    @Test
    void aRenewedLeaseExpiresAtItsNewDeadlineAndNotBefore() {
        ledger.holds(60, FIRST, List.of(1L, 3L));
        assertEquals(List.of(), secondLeases(99));
        assertEquals(List.of(0L, 2L, 4L, 5L, 6L, 7L), secondLeases(100));
        assertEquals(List.of(), secondLeases(159));
        assertEquals(List.of(1L, 3L), secondLeases(160));
    }

    @Test
    void aLeaseThatHasExpiredOrIsAnothersIsNotRenewed() {
        ledger.holds(99, SECOND, List.of(0L));
        ledger.holds(100, FIRST, List.of(1L));
        assertEquals(8, secondLeases(100).size());
        ledger.holds(150, FIRST, List.of(2L)); // the second has it
        assertEquals(List.of(), secondLeases(199));
        assertEquals(8, ledger.lease(200, FIRST, 0, 8).size());
    }
}
