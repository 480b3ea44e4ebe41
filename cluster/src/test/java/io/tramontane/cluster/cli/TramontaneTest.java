package io.tramontane.cluster.cli;

import static io.tramontane.cluster.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad usage and bad input through the real command line: one line, exit 2, nothing left behind. */
class TramontaneTest {
    @TempDir
    Path folder;

    @Test
    void anUnknownCommandIsAnsweredWithTheNearestOne() {
        assertTrue(complaint("scroe").startsWith("unknown command 'scroe', did you mean score? Commands: "));
    }

    @Test
    void aReportOfAFolderWithoutARun() {
        assertEquals(
                "run folder " + folder + " holds no run: " + folder.resolve("config.yaml") + " is missing",
                complaint("report", folder));
    }

    @Test
    void ourOwnFailureEndsWithOneAndTheStackTrace() throws IOException {
        Path run = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        Files.createDirectories(run.resolve("report.html").resolve("in the way"));
        CommandLineRun failed = CommandLineRun.of("report", run);
        assertEquals(1, failed.exit(), failed.err());
        assertTrue(failed.err().contains("\tat io.tramontane."), failed.err());
    }
}
