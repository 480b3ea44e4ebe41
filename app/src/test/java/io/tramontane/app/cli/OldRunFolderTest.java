package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.OldRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run folder of an earlier version opens in every command that reads one. */
class OldRunFolderTest {
    @TempDir
    Path folder;

    @Test
    void itsReportIsWrittenAndItsPolicyEvaluated() throws Exception {
        OldRun.in(folder);
        CommandLineRun report = CommandLineRun.of("report", folder);
        assertEquals(0, report.exit(), report.err());
        assertEquals(folder.resolve("report.html") + "\n", report.out());
        assertTrue(Files.readString(folder.resolve("report.html")).contains("\"ledgerIsExact\":true"));
        CommandLineRun evaluated = CommandLineRun.of("evaluate", "--run", folder, "--count=2", "--max-tokens=8");
        assertEquals(0, evaluated.exit(), evaluated.err());
        assertTrue(evaluated.out().contains("pass@1"), evaluated.out());
    }

    @Test
    void itIsResumed() throws Exception {
        OldRun.in(folder);
        CommandLineRun resumed = CommandLineRun.of("train", "--resume", "--run", folder, "--master=local[4]");
        assertEquals(0, resumed.exit(), resumed.err());
        String metrics = Files.readString(folder.resolve("metrics.jsonl"));
        assertTrue(metrics.lines().reduce((a, b) -> b).orElse("").contains("\"reason\":\"all steps made\""), metrics);
    }
}
