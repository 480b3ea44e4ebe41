package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.cli.Launched.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation by the finished program, killed half-way. */
@Tag("cluster")
class EvaluateRestartTest {
    private static final int PROBLEMS = 140;

    @TempDir
    Path folder;

    private Launched start(String kept) throws IOException {
        return Launched.start(
                folder,
                Map.of(),
                "evaluate",
                "--model=builtin:tiny",
                "--problems=gym",
                "--count=" + PROBLEMS,
                "--samples=2",
                "--max-tokens=48",
                "--threads=1",
                "--samples-out=" + kept,
                "--out=" + kept + ".json");
    }

    @Test
    void aKilledEvaluationSamplesOnlyWhatIsMissingAndEndsWithTheSameTable() throws Exception {
        Ended whole = start("whole.jsonl").end();
        assertEquals(0, whole.exit(), whole.err());

        Launched killed = start("killed.jsonl");
        Path kept = folder.resolve("killed.jsonl");
        awaitLines(kept, 1 + PROBLEMS / 4);
        killed.process().destroyForcibly(); // SIGKILL
        assertEquals(137, killed.end().exit());
        String before = Files.readString(kept);
        before = before.substring(0, before.lastIndexOf('\n') + 1);
        int finished = (int) before.lines().count() - 1;
        assertTrue(finished >= PROBLEMS / 4 && finished < PROBLEMS, finished + " problems");

        Ended ended = start("killed.jsonl").end();
        assertEquals(0, ended.exit(), ended.err());
        assertEquals(whole.out(), ended.out());
        assertEquals(
                finished + " of " + PROBLEMS + " problems were sampled by an earlier run",
                ended.err().lines().findFirst().orElse(""));
        assertTrue(Files.readString(kept).startsWith(before), "what was kept was not left as it was");
        // every problem stands there once, sampled as it was without the kill; only the order is another
        assertEquals(sorted("whole.jsonl"), sorted("killed.jsonl"));
        assertEquals(
                Files.readString(folder.resolve("whole.jsonl.json")),
                Files.readString(folder.resolve("killed.jsonl.json")));
    }

    private List<String> sorted(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream().sorted().toList();
    }

    private void awaitLines(Path file, int count) throws IOException, InterruptedException {
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            while (!Files.exists(file) || Files.readString(file).lines().count() < count) {
                var key = watch.poll(2, TimeUnit.MINUTES);
                assertTrue(key != null, "no sample for two minutes");
                key.pollEvents();
                key.reset();
            }
        }
    }
}
