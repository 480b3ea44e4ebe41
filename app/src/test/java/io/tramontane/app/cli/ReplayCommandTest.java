package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.OldRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a run of two steps whose model is gone: the program's own tiny one takes its place. */
class ReplayCommandTest {
    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void unpack() throws Exception {
        run = folder.resolve("run");
        OldRun.in(run);
    }

    @Test
    void aBadRangeIsOneLine() {
        assertEquals("--from 3, allowed 1 to 2, the last recorded step", complaint("replay", run, "--from", 3));
        assertEquals("--to 3, allowed 1 to 2, the last recorded step", complaint("replay", run, "--to", 3));
        assertTrue(complaint("replay", folder.resolve("none")).contains("holds no run"));
        assertEquals(
                "--out needs --set: a replay by itself writes nothing",
                complaint("replay", run, "--out", folder.resolve("out")));
    }

    @Test
    void aDifferenceIsOneLineAndExitCodeOne() {
        CommandLineRun replay = CommandLineRun.of("replay", run);
        assertEquals(1, replay.exit());
        assertEquals("", replay.out());
        List<String> lines = replay.err().lines().toList();
        assertEquals("steps 1 to 2 from the model builtin:tiny, on the CPU", lines.get(0));
        assertTrue(lines.get(1).startsWith("tramontane: step 1: the weights' digest is "), lines.get(1));
        assertTrue(lines.get(1).endsWith("; replayed from the model builtin:tiny"), lines.get(1));
        assertEquals(2, lines.size(), replay.err());
    }

    @Test
    void whatIfPrintsBothAndWritesARunFolderWithAPage() throws Exception {
        Path out = folder.resolve("what-if");
        CommandLineRun replay =
                CommandLineRun.of("replay", run, "--set", "trainer.optimizer.learningRate=0.01", "--out", out);
        assertEquals(0, replay.exit(), replay.err());
        List<String> lines = replay.out().lines().toList();
        assertTrue(lines.get(0).matches(" +step +objective +entropy .*behaviour KL"), lines.get(0));
        assertTrue(lines.get(1).matches(" +1( +[0-9.e-]+ \\| [0-9.e-]+){6}"), lines.get(1));
        assertTrue(lines.get(2).startsWith("     2 ") && lines.get(3).startsWith("  mean "), replay.out());
        assertEquals("Page: " + out.resolve("compare.html"), lines.get(5));
        assertEquals(2, Files.readAllLines(out.resolve("metrics.jsonl")).size());
        assertTrue(Files.isRegularFile(out.resolve("checkpoints/step-000002/state.json")));
        CommandLineRun compared = CommandLineRun.of("compare", run, out, "--json");
        assertEquals(0, compared.exit(), compared.err());
        assertTrue(compared.out().contains("\"trainer.optimizer.learningRate\":["), compared.out());
        assertEquals(0, CommandLineRun.of("report", out).exit());
        assertTrue(complaint("replay", run, "--set", "trainer.steps=3", "--out", out)
                .endsWith("is not empty: name another folder"));
    }
}
