package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.cli.Launched.Ended;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scoring of large files by the finished program: killed half-way, and in a heap smaller than the file. */
@Tag("cluster")
class ScoreRestartTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINES = 3_000;
    private static final int PART = 50;
    private static final String THREADS = "local[2]";

    @TempDir
    Path folder;

    private Path out;
    private Path parts;

    @BeforeEach
    void oneProblem() throws IOException {
        Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do two cats have?\","
                        + "\"answer\":\"8\"}\n");
        out = folder.resolve("S.jsonl");
        parts = folder.resolve("S.jsonl.parts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local[2]", "local-cluster[1,2,1024]"})
    void aKilledRunContinuesWithoutScoringAnythingTwice(String master) throws Exception {
        completions(LINES, "Each cat has four legs, so the two of them have eight.");
        Files.createDirectory(parts);
        Launched killed = start("1", master);
        waitForParts(20);
        killed.process().destroyForcibly(); // SIGKILL
        assertEquals(137, killed.end().exit());
        assertFalse(Files.exists(out));
        List<List<String>> before = finishedParts();
        assertTrue(before.size() >= 20 && before.size() < LINES / PART, before.size() + " parts");

        Ended ended = start("1", master).end();
        assertEquals(0, ended.exit(), ended.err());
        String first = before.size() * PART + " of " + LINES + " completions were scored by an earlier run";
        assertEquals(first, ended.err().lines().findFirst().orElse(""));
        List<String> scores = Files.readAllLines(out);
        assertEquals(LINES, scores.size());
        for (int i = 0; i < LINES; i++)
            assertEquals(i / 4, JSON.readTree(scores.get(i)).path("group").asInt());
        // The time that each score took stands in it, so a part that was made again could not be the same.
        for (int part = 0; part < before.size(); part++)
            assertEquals(before.get(part), scores.subList(part * PART, part * PART + PART));
        assertFalse(Files.exists(parts));
    }

    @Test
    void ctrlCSaysThatTheSameCommandContinues() throws Exception {
        completions(LINES, "Each cat has four legs, so the two of them have eight.");
        Files.createDirectory(parts);
        Launched stopped = start("1");
        waitForParts(3);
        new ProcessBuilder("kill", "-INT", Long.toString(stopped.process().pid()))
                .start()
                .waitFor();
        Ended ended = stopped.end();
        assertEquals(130, ended.exit(), ended.err());
        List<String> messages = ended.err()
                .lines()
                .filter(line -> !line.matches("score: \\d+ of .*")) // progress of a busy machine
                .toList();
        assertEquals(1, messages.size(), ended.err());
        assertTrue(
                messages.get(0)
                        .matches("stopped: \\d+ of " + LINES / PART
                                + " parts are finished and kept in S\\.jsonl\\.parts;"
                                + " the same command goes on from there"),
                messages.get(0));
        assertFalse(Files.exists(out));
    }

    @Test
    void anotherSeedDoesNotUseThePartsOfTheFirst() throws Exception {
        completions(LINES, "Each cat has four legs, so the two of them have eight.");
        Files.createDirectory(parts);
        Launched killed = start("1");
        waitForParts(3);
        killed.process().destroyForcibly();
        killed.end();
        Launched other = start("2");
        Ended ended = other.end();
        assertEquals(0, ended.exit(), ended.err());
        assertFalse(ended.err().contains("earlier run"), ended.err());
    }

    @Test
    void aFileLargerThanTheHeapIsScored() throws Exception {
        // 7,000 completions of 33 kB that fail the format gate: 230 MB in a heap of 192 MB
        completions(7_000, "no thoughts".repeat(3_000));
        assertTrue(Files.size(folder.resolve("C.jsonl")) > 220_000_000);
        String heap = "-Xmx192m -XX:+ExitOnOutOfMemoryError";
        Ended ended = Launched.start(folder, Map.of("TRAMONTANE_JAVA_OPTS", heap), command("1", "2000", THREADS))
                .end();
        assertEquals(0, ended.exit(), ended.err());
        try (Stream<String> lines = Files.lines(out)) {
            assertEquals(7_000, lines.count());
        }
    }

    private Launched start(String seed) throws IOException {
        return start(seed, THREADS);
    }

    private Launched start(String seed, String master) throws IOException {
        return Launched.start(folder, Map.of(), command(seed, Integer.toString(PART), master));
    }

    private static Object[] command(String seed, String part, String master) {
        return new Object[] {
            "score",
            "--problems=P.jsonl",
            "--completions=C.jsonl",
            "--out=S.jsonl",
            "--seed=" + seed,
            "--part-size=" + part,
            "--master=" + master
        };
    }

    private void completions(int count, String thoughts) throws IOException {
        String think = thoughts.startsWith("no") ? "" : "<think>";
        try (BufferedWriter file = Files.newBufferedWriter(folder.resolve("C.jsonl"))) {
            for (int i = 0; i < count; i++)
                file.append("{\"problemId\":\"a\",\"group\":" + i / 4 + ",\"completion\":\"" + think + thoughts
                        + "</think>Together they have \\\\boxed{" + i % 9 + "} legs.\"}\n");
        }
    }

    private void waitForParts(int count) throws IOException, InterruptedException {
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            parts.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            while (finishedParts().size() < count) {
                var key = watch.poll(2, TimeUnit.MINUTES);
                assertTrue(key != null, "no part for two minutes");
                key.pollEvents();
                key.reset();
            }
        }
    }

    private List<List<String>> finishedParts() throws IOException {
        List<List<String>> finished = new ArrayList<>();
        try (Stream<Path> files = Files.list(parts)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList())
                finished.add(Files.readAllLines(file));
        }
        return finished;
    }
}
