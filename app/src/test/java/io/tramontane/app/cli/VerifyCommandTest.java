package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.OldRun;
import io.tramontane.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command prints; what it finds is in DamagedRunTest. */
class VerifyCommandTest {
    @TempDir
    Path folder;

    @Test
    void aRunOfAnEarlierVersionIsSoundAndAReportsLineIsAWarning() throws Exception {
        OldRun.in(folder);
        Files.writeString(folder.resolve("metrics.jsonl"), "not JSON\n", StandardOpenOption.APPEND);
        CommandLineRun run = CommandLineRun.of("verify", folder);
        assertEquals("", run.err());
        assertEquals(0, run.exit());
        assertTrue(
                run.out()
                        .matches(
                                "(?s)sound +1  config\nsound +\\d+  events of the ledger\nsound +2  steps\n"
                                        + "sound +2  batches\nsound +1  checkpoints; 1 of an earlier version without a manifest\n"
                                        + "sound +0  spilled groups\n"
                                        + "warning +\\d+  report files\n +\\S+metrics.jsonl:\\d+: not a JSON object\n +cure: .*\n"),
                run.out());
    }

    @Test
    void whatIsNotSoundIsInTheTableAndInTheLineThatEndsTheCommand() throws Exception {
        OldRun.in(folder);
        Path batch = folder.resolve("batches/step-000001.arrow");
        Files.write(batch, new byte[] {0}, StandardOpenOption.APPEND);
        CommandLineRun run = CommandLineRun.of("verify", folder);
        assertEquals(2, run.exit());
        assertTrue(run.out().contains("NOT SOUND         2  batches\n    " + batch + ": has SHA-256 "), run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(
                run.err().startsWith("tramontane: run folder " + folder + " is not sound: " + batch + ": has SHA-256 "),
                run.err());
        assertTrue(run.err().contains("; restore it from a backup; --resume does not need it"), run.err());
    }

    /** The ledger has groups 4 and 5 unfinished. */
    @Test
    void aDamagedSpilledGroupIsNamedWithItsCure() throws Exception {
        OldRun.in(folder);
        Path file = Files.createDirectories(folder.resolve("spill")).resolve("group-000004");
        Files.writeString(file, "nothing");
        CommandLineRun run = CommandLineRun.of("verify", folder);
        assertEquals(2, run.exit());
        assertEquals(
                "tramontane: run folder " + folder + " is not sound: " + file
                        + ": has no whole line; remove the file; the group is sampled again\n",
                run.err());
        Files.delete(file);
        assertEquals(0, CommandLineRun.of("verify", folder).exit());
    }

    /** A chain on the last line covers all lines before it; here it is computed as docs/architecture.md says. */
    @ParameterizedTest
    @CsvSource({"batch, '\"groups\":[', '\"groups\":[7'", "step, '\"digest\":\"', '\"digest\":\"f'"})
    void aChangedLineOfTheLedgerIsNamed(String event, String field, String change) throws Exception {
        OldRun.in(folder);
        Path events = folder.resolve("ledger/events.jsonl");
        String before = Files.readString(events);
        String last = "{\"event\":\"stopped\",\"at\":1795795603602,\"inFlight\":[4,5]";
        String chain =
                Sha256.of((before + last).getBytes(StandardCharsets.UTF_8)).substring(0, 32);
        String chained = before + last + ",\"chain\":\"" + chain + "\"}\n";
        Files.writeString(events, chained);
        assertEquals(0, CommandLineRun.of("verify", folder).exit());
        int line = chained.indexOf("{\"event\":\"" + event + "\"");
        int at = chained.indexOf(field, line);
        Files.writeString(events, chained.substring(0, at) + change + chained.substring(at + field.length() + 1));
        long lines = chained.lines().count();
        CommandLineRun run = CommandLineRun.of("verify", folder);
        assertEquals(2, run.exit());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(
                run.err()
                        .contains(events + ":" + lines + ": the chain does not fit: one of the lines 1 to " + lines
                                + " was changed after it was written"),
                run.err());
        assertTrue(run.out().contains("NOT SOUND         0  events of the ledger\n"), run.out());
    }

    @Test
    void aFolderThatIsNoRunIsOneLine() {
        assertEquals(
                "run folder " + folder.resolve("none") + ": no such folder",
                CommandLineRun.complaint("verify", folder.resolve("none")));
        assertEquals(
                "run folder " + folder + " holds no run: " + folder.resolve("config.yaml") + " is missing",
                CommandLineRun.complaint("verify", folder));
    }
}
