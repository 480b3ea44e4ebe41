package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.cli.Launched.Ended;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own sweep by the finished program: killed while its second arm trains, and started again. */
@Tag("cluster")
class ExperimentRestartTest {
    private static final String SWEEP =
            """
            title: Learning rates
            question: Which is better?
            base: base.yaml
            set: [trainer.steps=24, evaluation.forced=false, evaluation.problems=8, evaluation.everySteps=100]
            arms:
              - {name: low, set: [trainer.optimizer.learningRate=5e-5]}
              - {name: high, set: [trainer.optimizer.learningRate=4e-4]}
            charts: [reward]
            claims:
              - {says: the higher rate learns faster, metric: eval.correctness, of: high, against: low, expect: higher}
            """;

    private static final String BASE =
            """
            model: builtin:tiny
            data: {chat: tiny}
            rollout: {groupSize: 8, slots: 32, maxPromptTokens: 80, maxTokens: 64}
            rewards: {maxLength: 64, lengthCache: 16}
            trainer: {batchSize: 32, minibatchSize: 32, microbatchTokens: 1600, checkpointEvery: 1}
            """;

    @TempDir
    Path folder;

    private Launched start() throws IOException {
        return Launched.start(folder, Map.of(), "experiment", "rates.yaml", "--out", "out");
    }

    @Test
    void theArmThatWasRunningIsContinuedAndTheFinishedOneIsKept() throws Exception {
        Files.writeString(folder.resolve("base.yaml"), BASE);
        Files.writeString(folder.resolve("rates.yaml"), SWEEP);
        Launched killed = start();
        Path low = folder.resolve("out/low/seed-1/run/metrics.jsonl");
        Path high = folder.resolve("out/high/seed-1/run");
        awaitStep(killed, high.resolve("checkpoints"));
        ProcessHandle child =
                killed.process().descendants().reduce((first, last) -> last).orElseThrow();
        killed.process().destroyForcibly(); // SIGKILL
        assertEquals(137, killed.end().exit());
        child.onExit().get(1, TimeUnit.MINUTES); // it ends without its parent
        String finished = Files.readString(low);
        FileTime made = Files.getLastModifiedTime(low);
        assertFalse(Files.readString(high.resolve("metrics.jsonl")).contains("all steps made"), "killed too late");

        Ended ended = start().end();
        assertEquals(0, ended.exit(), ended.err());
        assertTrue(ended.out().contains("arm low, seed 1: finished before"), ended.out());
        assertEquals(finished, Files.readString(low));
        assertEquals(made, Files.getLastModifiedTime(low));
        long starts = Files.readString(high.resolve("metrics.jsonl"))
                .lines()
                .filter(line -> line.contains("\"kind\":\"start\""))
                .count();
        assertEquals(2, starts, "the run was resumed, not begun again");
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("out/experiment.json").toFile());
        assertEquals(2, json.path("runs").size());
        for (JsonNode run : json.path("runs"))
            assertEquals(24, run.path("steps").asInt());
        assertTrue(Files.readString(folder.resolve("out/experiment.html")).contains("Learning rates"));
    }

    /** Waits for a checkpoint; the file system tells when the folder, or the one that it will lie in, has changed. */
    private static void awaitStep(Launched launched, Path checkpoints) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            while (!hasStep(checkpoints)) {
                Path there = checkpoints;
                while (!Files.exists(there)) there = there.getParent();
                there.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
                assertTrue(launched.process().isAlive(), () -> "ended early: " + launched);
                assertTrue(System.nanoTime() < end, "no checkpoint of the second arm in four minutes");
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key == null) continue;
                key.pollEvents();
                key.reset();
            }
        }
    }

    private static boolean hasStep(Path checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints)) return false;
        try (Stream<Path> entries = Files.list(checkpoints)) {
            return entries.anyMatch(entry -> entry.getFileName().toString().startsWith("step-"));
        }
    }
}
