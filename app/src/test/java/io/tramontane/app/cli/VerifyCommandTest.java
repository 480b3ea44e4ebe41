package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.OldRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
