package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.files.AtomicRows;
import io.tramontane.cluster.files.Columns;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.cluster.files.Storage;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.RunLock;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.ProblemJson;
import io.tramontane.data.ProblemSource;
import io.tramontane.data.StoragePath;
import io.tramontane.data.gym.Gym;
import io.tramontane.data.gym.GymConfig;
import io.tramontane.model.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose folder is an object store: a real S3 server, and real processes. */
@Tag("cluster")
class RunOnS3Test {
    private static final String RUN = "s3a://" + S3Server.BUCKET + "/runs/a";

    private static final String TRAINING = "s3a://" + S3Server.BUCKET + "/problems/train.jsonl";
    private static final String EVALUATION = "s3a://" + S3Server.BUCKET + "/problems/evaluation.parquet";

    @TempDir
    static Path folder;

    private static S3Server server;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start(folder);
        server.settings().forEach(System::setProperty);
        putProblems();
    }

    /** Problems of the gym, which the tiny policy knows: JSON lines to train on, a Parquet file to evaluate on. */
    private static void putProblems() throws Exception {
        GymConfig config = ConfigReader.read(GymConfig.defaults(), Optional.empty(), List.of("codeShare=0"));
        ProblemSource training = Gym.training(config, 1);
        server.put(
                "problems/train.jsonl",
                LongStream.range(0, 64)
                        .mapToObj(index -> ProblemJson.write(training.get(index)) + "\n")
                        .collect(Collectors.joining()));
        Columns columns = new Columns(Stream.of("id", "kind", "language", "statement", "answer")
                .map(name -> Column.of(name, Kind.TEXT))
                .toList());
        StoragePath table = Storage.path(EVALUATION);
        ProblemSource held = Gym.evaluation(config, 1);
        try (AtomicRows file = AtomicRows.create(table, table.unfinished(), columns)) {
            for (int i = 0; i < 8; i++) file.add(JsonLines.parse(ProblemJson.write(held.get(i)), "gym"));
            file.commit();
        }
    }

    @AfterAll
    static void stop() {
        if (server == null) return;
        server.settings().keySet().forEach(System::clearProperty);
        server.close();
    }

    @Test
    void aRunThatIsKilledThereAndResumedThereEndsExact() throws Exception {
        RunFolder run = RunFolder.at(RUN);
        Launched killed = train("--set", "trainer.steps=500");
        try {
            awaitCheckpoint(killed, run, 2);
        } finally {
            killed.process().destroyForcibly();
        }
        assertTrue(killed.process().waitFor(30, TimeUnit.SECONDS));
        int made = History.read(RunState.eventsFile(run)).lastStep();
        int steps = made + 1;
        // with two ranks: the first one writes what the other sends it
        Launched.Ended resumed = train(
                        "--resume",
                        "--set",
                        "trainer.steps=" + steps,
                        "--set",
                        "cluster.trainers=2",
                        "--set",
                        "trainer.shard=full")
                .end();
        assertEquals(0, resumed.exit(), resumed.out() + resumed.err());
        assertTrue(resumed.out().contains("lost 0, twice 0"), resumed.out());

        Audit audit = Audit.of(RunState.eventsFile(run));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(4L * steps, audit.trained()); // four groups a step
        assertEquals(steps, run.latestCheckpoint().orElseThrow());
        try (LocalCopy copy = LocalCopy.of(run.checkpoint(steps))) {
            String digest = Checkpoint.read(copy.path(), steps).digest();
            assertTrue(Files.readString(copy.path().resolve("state.json")).contains(digest));
        }
        List<String> keys = server.keys();
        assertTrue(keys.contains("runs/a/report.html") && keys.contains("runs/a/logs/driver.log"), keys.toString());
        assertTrue(keys.contains("runs/a/batches/step-000001.arrow"), keys.toString());
        assertTrue(keys.stream().anyMatch(key -> key.startsWith("runs/a/tensorboard/events")), keys.toString());
        assertTrue(keys.stream().noneMatch(key -> key.endsWith("runs/a/lock")), "the lock is given back: " + keys);
        assertEquals(0, server.openUploads());

        CommandLineRun verified = CommandLineRun.of("verify", RUN);
        assertEquals(0, verified.exit(), verified.out() + verified.err());
        assertTrue(
                keys.contains(
                        String.format(java.util.Locale.ROOT, "runs/a/checkpoints/step-%06d/manifest.json", steps)),
                keys.toString());
        assertEquals(RUN + "/report.html\n", CommandLineRun.of("report", RUN).out());
        String page = new String(server.get("runs/a/report.html"), StandardCharsets.UTF_8);
        assertTrue(page.contains("\"ledgerIsExact\":true"), "the page has the audit");
        CommandLineRun evaluated = CommandLineRun.of("evaluate", "--run", RUN, "--count=2", "--max-tokens=8");
        assertEquals(0, evaluated.exit(), evaluated.err());
        CommandLineRun replayed = CommandLineRun.of("replay", RUN); // the step of the two ranks
        assertEquals(0, replayed.exit(), replayed.err());
        assertTrue(replayed.out().startsWith("replayed 1 steps, all digests equal"), replayed.out());
    }

    /** In the past both deleted the lock, and both trained. */
    @Test
    void ofTwoThatResumeAKilledRunAtOnceOneTrains() throws Exception {
        String options = options();
        for (int round = 0; round < 2; round++) {
            String run = "s3a://" + S3Server.BUCKET + "/locks/" + round;
            server.put(
                    "locks/" + round + "/lock", JsonReading.mapper().writeValueAsString(deadNote(RunFolder.at(run))));
            List<Process> both = new ArrayList<>();
            try {
                for (int i = 0; i < 2; i++) both.add(holder(options, run));
                List<String> said = new ArrayList<>();
                for (Process each : both)
                    said.add(String.valueOf(each.inputReader().readLine()));
                assertEquals(
                        1, said.stream().filter(line -> line.equals("taken")).count(), said.toString());
                assertEquals(
                        1,
                        said.stream()
                                .filter(line -> line.contains("is in use by"))
                                .count(),
                        said.toString());
            } finally {
                for (Process each : both) each.destroyForcibly().waitFor();
            }
        }
    }

    /** What a process of this machine that is dead has left. */
    private static ObjectNode deadNote(RunFolder folder) throws IOException {
        try (RunLock lock = RunLock.take(folder)) {
            ObjectNode note =
                    (ObjectNode) JsonReading.mapper().readTree(folder.lock().bytes());
            assertTrue(note.has("process"), lock + "");
            return note.put("process", ProcessHandle.current().pid() + " 1970-01-01T00:00:00Z");
        }
    }

    /** Takes the lock of a run and keeps it until it is killed. */
    static final class Holder {
        public static void main(String[] args) throws IOException {
            try (RunLock lock = RunLock.take(RunFolder.at(args[0]), line -> {})) {
                System.out.println("taken");
                System.in.read();
                System.out.println(lock);
            } catch (BadInputException refused) {
                System.out.println(refused.getMessage());
            }
        }
    }

    private static Process holder(String options, String run) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options.split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Holder.class.getName(), run));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("holder.err").toFile())
                .start();
    }

    private static String options() {
        return server.settings().entrySet().stream()
                .map(e -> "-D" + e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
    }

    @Test
    void problemsOfAnyFormLieThere() {
        CommandLineRun plan = CommandLineRun.of(
                "train", "--dry-run", "--set", "data.train=" + TRAINING, "--set", "data.evaluation=" + EVALUATION);
        assertEquals(0, plan.exit(), plan.err());
        assertTrue(plan.out().contains("# data.train " + TRAINING + ": 64 problems (math; "), plan.out());
        assertTrue(plan.out().contains("# data.evaluation " + EVALUATION + ": 8 problems (math; "), plan.out());
        CommandLineRun evaluated = CommandLineRun.of(
                "evaluate",
                "--model=builtin:tiny",
                "--problems=s3a://" + S3Server.BUCKET + "/problems",
                "--max-tokens=4");
        assertEquals(0, evaluated.exit(), evaluated.err());
        String missing = "s3a://" + S3Server.BUCKET + "/problems/none.jsonl";
        assertEquals(
                missing + ": no such file or folder",
                complaint("evaluate", "--model=builtin:tiny", "--problems", missing));
        assertEquals(
                missing + ": no such file or folder",
                complaint("train", "--master=local[4]", "--set", "data.train=" + missing));
    }

    @Test
    void aWrongBucketAndWrongCredentialsAreOneLine() {
        String none = complaint("train", "--run", "s3a://nobucket/run", "--master=local[4]");
        assertTrue(none.startsWith("s3a://nobucket/run") && none.contains("bucket does not exist"), none);
        String nothing = complaint("report", "s3a://" + S3Server.BUCKET + "/runs/none");
        assertEquals(
                "run folder s3a://tests/runs/none holds no run: s3a://tests/runs/none/config.yaml is missing", nothing);
        System.setProperty("spark.hadoop.fs.s3a.secret.key", "wrong");
        System.setProperty("spark.hadoop.fs.s3a.impl.disable.cache", "true");
        try {
            for (String command : List.of("report", "train --master=local[4] --run")) {
                List<Object> words = new ArrayList<>(List.of((Object[]) command.split(" ")));
                words.add("s3a://" + S3Server.BUCKET + "/runs/secret");
                String refused = complaint(words.toArray());
                assertTrue(refused.contains("s3a://tests/runs/secret"), refused);
                assertTrue(refused.contains("403") || refused.contains("denied"), refused);
            }
        } finally {
            server.settings().forEach(System::setProperty);
            System.clearProperty("spark.hadoop.fs.s3a.impl.disable.cache");
        }
    }

    private static Launched train(String... more) throws Exception {
        List<Object> words = new ArrayList<>(List.of("train", "--run", RUN));
        words.addAll(List.of(more));
        for (String value : List.of(
                "trainer.batchSize=32",
                "trainer.minibatchSize=32",
                "trainer.checkpointEvery=1",
                "trainer.keepCheckpoints=2",
                "trainer.minutes=2",
                "rollout.groupSize=8",
                "rollout.slots=32",
                "data.train=" + TRAINING,
                "data.evaluation=" + EVALUATION,
                "data.gym.codeShare=0",
                "evaluation.forced=false",
                "evaluation.problems=0")) words.addAll(List.of("--set", value));
        return Launched.start(folder, Map.of("TRAMONTANE_JAVA_OPTS", options()), words.toArray());
    }

    private static void awaitCheckpoint(Launched run, RunFolder folder, int step) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end) {
            if (folder.latestCheckpoint().orElse(0) >= step) return;
            if (run.process().waitFor(200, TimeUnit.MILLISECONDS)) break;
        }
        throw new AssertionError("no step " + step + ": " + Files.readString(run.out()) + Files.readString(run.err()));
    }
}
