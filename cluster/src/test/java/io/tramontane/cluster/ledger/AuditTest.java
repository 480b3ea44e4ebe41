package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTest {
    @TempDir
    Path folder;

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("events.jsonl"), String.join("\n", lines));
    }

    private static String lease(long group) {
        return "{\"event\":\"lease\",\"at\":1,\"group\":" + group + ",\"holder\":\"generator-0#0\",\"version\":0}";
    }

    @Test
    void aTornLastLineNeverHappened() throws IOException {
        Path file = file(lease(0), "{\"event\":\"dropped\",\"at\":1,\"group\":0,\"rea");
        assertEquals(1, Audit.of(new LocalStorage(file)).inFlight());
        try (EventLog log = new EventLog(
                new LocalStorage(file), History.read(new LocalStorage(file)).chain())) {
            log.append(new LedgerEvent.Dropped(2, 0, "unscored"));
        }
        assertEquals(0, Audit.of(new LocalStorage(file)).inFlight());
    }

    @Test
    void aBrokenLineBeforeTheLastIsAnErrorWithItsNumber() throws IOException {
        Path file = file(lease(0), "{\"event\":", lease(1), "");
        BadInputException error = assertThrows(BadInputException.class, () -> Audit.of(new LocalStorage(file)));
        assertTrue(error.getMessage().contains("events.jsonl:2:"), error.getMessage());
    }

    @Test
    void aGroupTrainedTwiceIsFound() throws IOException {
        Audit audit = Audit.of(new LocalStorage(file(
                lease(0),
                "{\"event\":\"batch\",\"at\":1,\"step\":1,\"groups\":[0],\"digest\":\"a\"}",
                "{\"event\":\"batch\",\"at\":1,\"step\":2,\"groups\":[0],\"digest\":\"b\"}",
                "")));
        assertEquals(List.of(0L), audit.twice());
        assertFalse(audit.exact());
    }

    @Test
    void aGroupThatTheStopForgotIsLost() throws IOException {
        Audit audit = Audit.of(
                new LocalStorage(file(lease(0), lease(1), "{\"event\":\"stopped\",\"at\":1,\"inFlight\":[1]}", "")));
        assertEquals(List.of(0L), audit.lost());
    }

    @Test
    void aNumberThatWasSkippedIsLost() throws IOException {
        assertEquals(
                List.of(1L),
                Audit.of(new LocalStorage(file(lease(0), lease(2), ""))).lost());
    }
}
