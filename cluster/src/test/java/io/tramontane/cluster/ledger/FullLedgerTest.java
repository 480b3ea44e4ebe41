package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.SmallDisk;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the ledger is full for a while: nothing that it could not write has happened, and afterwards it goes on. */
class FullLedgerTest {
    private static final Holder GENERATOR = new Holder("generator-0", 0);

    @TempDir
    Path folder;

    @Test
    void theLedgerGoesOnWhenThereIsRoomAgain() throws IOException {
        try (SmallDisk disk = SmallDisk.in(folder, 16)) {
            Path ballast = Files.write(disk.folder().resolve("ballast"), new byte[4_096]);
            fillAndGoOn(new LocalStorage(disk.folder().resolve("events.jsonl")), ballast);
        }
    }

    private void fillAndGoOn(LocalStorage events, Path ballast) throws IOException {
        History none = History.read(events);
        LedgerConfig config = new LedgerConfig(2, 1_000, 1, Duration.ofMillis(100), Duration.ofMillis(50));
        LedgerState ledger = new LedgerState(
                config, new EventLog(events, none.chain()), new Given.Memory(), new LedgerListener() {}, none);
        ledger.open(0, 0);
        assertThrows(UncheckedIOException.class, () -> ledger.lease(0, GENERATOR, 0, 1_000));
        assertTrue(ledger.summary().contains(" 0 leased,"), ledger.summary());
        Files.delete(ballast);
        List<Lease> leases = ledger.lease(0, GENERATOR, 0, 2);
        assertEquals(List.of(0L, 1L), leases.stream().map(Lease::group).toList());
        for (long id = 0; id < 2; id++) {
            assertTrue(ledger.deliver(0, GENERATOR, Given.group(id, 0)));
            ledger.rewards(0, id, Given.rewards(0.9, 0));
        }
        assertEquals(2, ledger.takeBatch(0, 1).orElseThrow().groups().size());
        ledger.stop(0);
        LedgerCheck check = LedgerCheck.of(events);
        assertTrue(check.sound(), check.toString());
        assertEquals(2, check.audit().trained());
    }
}
