package io.tramontane.app.fuzz;

import io.tramontane.app.experiment.ExperimentFile;
import io.tramontane.app.report.MetricsLog;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.LedgerCheck;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.Batch;
import io.tramontane.data.BatchArrow;
import io.tramontane.data.GroupArrow;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Sha256;
import io.tramontane.data.StoragePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Files of a run folder that are read when it is resumed, checked or reported, and files of experiments. */
final class RunReaders {
    private static final Set<Class<? extends Throwable>> BAD_INPUT = Set.of(BadInputException.class);

    /** Whatever is in the file, the reader goes on. */
    private static final Set<Class<? extends Throwable>> NOTHING = Set.of();

    private final Path run;
    private final Path scratch;

    /**
     * With a run folder to take samples from.
     *
     * @param scratch for files to be read; is written over
     */
    RunReaders(Path run, Path scratch) {
        this.run = run;
        this.scratch = scratch;
    }

    List<Target> all() throws IOException {
        byte[] events = Files.readAllBytes(run.resolve("ledger/events.jsonl"));
        return List.of(
                new Target(
                        "verify of a ledger",
                        List.of(events),
                        input -> LedgerCheck.of(file("events.jsonl", input)),
                        NOTHING),
                new Target("audit of a ledger", List.of(events), i -> Audit.of(file("events.jsonl", i)), BAD_INPUT),
                spilled("spilled group", false),
                spilled("spilled group with its digest", true),
                metrics(),
                best(),
                lock(),
                configOfARun(),
                experiment());
    }

    private StoragePath file(String name, byte[] content) throws IOException {
        return new LocalStorage(Files.write(scratch.resolve(name), content));
    }

    /** One that is damaged is left out. */
    private Target spilled(String name, boolean digest) throws IOException {
        Path folder = Files.createDirectories(scratch.resolve("spill"));
        Batch batch = BatchArrow.read(run.resolve("batches/step-000002.arrow"));
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        long id = batch.groups().get(0).group().id();
        content.writeBytes(("{\"group\":" + id + ",\"version\":0,\"step\":2}\n").getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(GroupArrow.toBytes(List.of(batch.groups().get(0).group())));
        Path file = folder.resolve("group-" + String.format(Locale.ROOT, "%06d", id));
        byte[] sample = digest ? content.toByteArray() : withDigest(content.toByteArray());
        return new Target(
                name,
                List.of(sample),
                input -> {
                    Files.write(file, digest ? withDigest(input) : input);
                    Constructor<?> open = Class.forName("io.tramontane.cluster.roles.SpilledGroups")
                            .getDeclaredConstructor(StoragePath.class);
                    open.setAccessible(true);
                    Object groups = open.newInstance(new LocalStorage(folder));
                    Hidden.callOn(groups, "group", id);
                },
                NOTHING);
    }

    private static byte[] withDigest(byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes((Sha256.of(content) + "\n").getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(content);
        return file.toByteArray();
    }

    private Target metrics() throws IOException {
        RunFolder folder = folder("resumed");
        Path file = folder.metrics().local();
        return new Target(
                "metrics.jsonl",
                List.of(Files.readAllBytes(run.resolve("metrics.jsonl"))),
                input -> {
                    Files.write(file, input);
                    MetricsLog.trainSeconds(folder);
                    MetricsLog.resume(folder, 1).close();
                    file.resolveSibling("metrics.jsonl.unreadable").toFile().delete(); // it grows by every input
                    for (String name : folder.tensorboard().list()) // one more each time
                    folder.tensorboard().child(name).delete();
                },
                NOTHING);
    }

    private Target best() throws IOException {
        RunFolder folder = folder("evaluated");
        Path file = Files.createDirectories(folder.checkpoints().local()).resolve("best.json");
        return new Target(
                "best.json",
                List.of("{\"step\":2,\"correctness\":0.5,\"evaluated\":4}".getBytes(StandardCharsets.US_ASCII)),
                input -> {
                    Files.write(file, input);
                    Hidden.call("cluster.roles.BestCheckpoint", "of", folder);
                },
                NOTHING);
    }

    /** The heartbeat of a run in an object store. */
    private Target lock() throws IOException {
        String note = "{\"owner\":\"2f1e5c44-31a7-4b4a-9c1e-5a3bd4a0f6a1\",\"holder\":\"process 7 on h\","
                + "\"machine\":\"h pid:[1]\",\"process\":\"7 2026-01-01T00:00:00Z\",\"beat\":3}";
        StoragePath place = new LocalStorage(scratch.resolve("lock"));
        return new Target(
                "lock of a run",
                List.of(note.getBytes(StandardCharsets.US_ASCII)),
                input -> Hidden.callOn(Hidden.call("cluster.run.HeartbeatLock", "parse", place, input), "isDead"),
                Set.of(IOException.class));
    }

    private Target configOfARun() throws IOException {
        RunFolder folder = folder("reported");
        Path file = folder.configYaml().local();
        return new Target(
                "config.yaml of a report",
                List.of(Files.readAllBytes(run.resolve("config.yaml"))),
                input -> {
                    Files.write(file, input);
                    Hidden.call("app.report.ConfigPaths", "of", folder);
                },
                NOTHING);
    }

    private Target experiment() {
        String text =
                """
                title: T
                question: Q?
                base: tiny.yaml
                seeds: [1, 2]
                arms:
                  - {name: a, set: [seed=3]}
                  - {name: b, evaluate: {hard: [--problems=x]}}
                table: [eval.correctness]
                claims:
                  - {says: a beats b, metric: eval.correctness, of: a, against: b, expect: higher}
                """;
        return new Target(
                "experiment",
                List.of(text.getBytes(StandardCharsets.UTF_8)),
                input -> ExperimentFile.read(Files.write(scratch.resolve("experiment.yaml"), input)),
                BAD_INPUT);
    }

    private RunFolder folder(String name) throws IOException {
        RunFolder folder = new RunFolder(scratch.resolve(name));
        folder.makeParts();
        return folder;
    }
}
