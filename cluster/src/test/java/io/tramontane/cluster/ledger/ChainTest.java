package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger of seven lines: opened, lease, lease, dropped, batch, step, lease. */
class ChainTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("events.jsonl");
    }

    private LocalStorage stored() {
        return new LocalStorage(file());
    }

    private void write(LedgerEvent... events) {
        try (EventLog log = new EventLog(stored(), History.read(stored()).chain())) {
            for (LedgerEvent event : events) log.append(event);
        }
    }

    private void writeSeven() {
        write(
                new LedgerEvent.Opened(1, 0, List.of()),
                new LedgerEvent.Leased(2, 0, "generator-0#1", 0),
                new LedgerEvent.Leased(3, 1, "generator-0#1", 0),
                new LedgerEvent.Dropped(4, 0, "zero signal"),
                new LedgerEvent.Batched(5, 1, List.of(1L), "aa"),
                new LedgerEvent.Stepped(6, 1, "bb", "cpu"),
                new LedgerEvent.Leased(7, 2, "generator-0#1", 1));
    }

    private void change(int line, String from, String to) throws IOException {
        List<String> lines = Files.readAllLines(file());
        assertTrue(lines.get(line - 1).contains(from), lines.get(line - 1));
        lines.set(line - 1, lines.get(line - 1).replace(from, to));
        Files.write(file(), lines);
    }

    private String refused() {
        return assertThrows(BadInputException.class, () -> History.read(stored()))
                .getMessage()
                .replace(file().toString(), "F")
                .replaceAll("; restore.*", "");
    }

    @Test
    void theFirstChainsAreThoseThatAnybodyCanCompute() throws IOException {
        writeSeven();
        List<String> lines = Files.readAllLines(file());
        String first = "{\"event\":\"opened\",\"at\":1,\"version\":0,\"unfinished\":[]";
        String chain = Sha256.of(first.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
        assertEquals(first + ",\"chain\":\"" + chain + "\"}", lines.get(0));
        String batch = "{\"event\":\"batch\",\"at\":5,\"step\":1,\"groups\":[1],\"digest\":\"aa\"";
        String since = chain + lines.get(1) + "\n" + lines.get(2) + "\n" + lines.get(3) + "\n" + batch;
        String second = Sha256.of(since.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
        assertEquals(batch + ",\"chain\":\"" + second + "\"}", lines.get(4));
    }

    @Test
    void aDigestOrAGroupThatWasChangedIsRefusedWithItsLine() throws IOException {
        writeSeven();
        change(6, "\"bb\"", "\"bc\"");
        assertEquals("F:6: the chain does not fit: this line was changed after it was written", refused());
        change(6, "\"bc\"", "\"bb\"");
        change(2, "\"group\":0", "\"group\":7");
        assertEquals(
                "F:5: the chain does not fit: one of the lines 2 to 5 was changed after it was written", refused());
        assertThrows(BadInputException.class, () -> Audit.of(stored()));
    }

    @Test
    void aLineThatIsGoneIsRefusedAndSoIsAChainThatIsGone() throws IOException {
        writeSeven();
        List<String> lines = Files.readAllLines(file());
        Files.write(file(), List.of(lines.get(0), lines.get(1), lines.get(3), lines.get(4)));
        assertEquals(
                "F:4: the chain does not fit: one of the lines 2 to 4 was changed after it was written", refused());
        Files.write(file(), List.of(lines.get(0), lines.get(4).replaceAll(",\"chain\":\"[0-9a-f]*\"", "")));
        assertEquals("F:2: has no chain, though lines before it have one", refused());
    }

    @Test
    void linesAfterTheLastChainAreCoveredByTheNextDriver() throws IOException {
        writeSeven();
        change(7, "\"version\":1", "\"version\":0"); // nothing has covered it yet
        History.read(stored());
        change(7, "\"version\":0", "\"version\":1");
        write(new LedgerEvent.Stopped(8, List.of(2L)));
        change(7, "\"version\":1", "\"version\":0");
        assertEquals(
                "F:8: the chain does not fit: one of the lines 7 to 8 was changed after it was written", refused());
    }

    @Test
    void aLedgerThatIsOlderThanTheChainIsReadAndCoveredFromThenOn() throws IOException {
        Files.writeString(
                file(),
                "{\"event\":\"opened\",\"at\":1,\"version\":0,\"unfinished\":[]}\n"
                        + "{\"event\":\"lease\",\"at\":2,\"group\":0,\"holder\":\"generator-0#1\",\"version\":0}\n"
                        + "{\"event\":\"step\",\"at\":2,\"step\":1,\"digest\":\"bb\"}\n");
        assertEquals(0, LedgerCheck.of(stored()).chained());
        write(new LedgerEvent.Opened(3, 0, List.of(0L)));
        assertEquals(4, LedgerCheck.of(stored()).chained());
        change(3, "bb", "bc");
        assertEquals(
                "F:4: the chain does not fit: one of the lines 1 to 4 was changed after it was written", refused());
    }

    @Test
    void aCheckNamesTheFirstProblemAndKeepsWhatIsSoundBeforeIt() throws IOException {
        writeSeven();
        LedgerCheck good = LedgerCheck.of(stored());
        assertTrue(good.sound(), good.toString());
        assertEquals(7, good.events());
        assertEquals(6, good.chained());
        assertEquals("bb", good.recorded().digest(1));
        change(6, "\"bb\"", "\"bc\"");
        LedgerCheck bad = LedgerCheck.of(stored());
        assertFalse(bad.sound());
        assertTrue(bad.problem().orElseThrow().contains("events.jsonl:6: the chain"), bad.toString());
        assertEquals(5, bad.events());
        assertEquals("aa", bad.recorded().batches().get(1));
        assertEquals(List.of(), List.copyOf(bad.recorded().steps().keySet()));
    }

    @Test
    void aCheckFindsAStepWithTwoResults() {
        writeSeven();
        write(new LedgerEvent.Stepped(8, 1, "cc", "another machine"));
        assertTrue(LedgerCheck.of(stored()).sound());
        write(new LedgerEvent.Stepped(9, 1, "dd", "another machine"));
        assertEquals(
                "step 1 was made twice with different weights: cc and dd",
                LedgerCheck.of(stored()).problem().orElseThrow());
    }
}
