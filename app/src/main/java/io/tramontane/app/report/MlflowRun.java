package io.tramontane.app.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A run in the format of MLflow's file store, so that {@code mlflow ui} shows it and {@code mlflow migrate-filestore} imports it:
 *
 * <pre>
 *   mlruns/EXPERIMENT/meta.yaml
 *   mlruns/EXPERIMENT/RUN/meta.yaml
 *   mlruns/EXPERIMENT/RUN/metrics/train/entropy     a line "milliseconds value step" for each value
 *   mlruns/EXPERIMENT/RUN/params/seed               the value
 *   mlruns/EXPERIMENT/RUN/tags/mlflow.runName
 * </pre>
 *
 * MLflow's Java client needs a running server, so the files are written here. A resumed run keeps its id, and its numbers
 * are written again from metrics.jsonl.
 */
final class MlflowRun implements MetricWriter {
    private static final String EXPERIMENT = "684146219";
    private static final int RUNNING = 1;
    private static final int FINISHED = 3;
    private static final int FAILED = 4;
    private static final int LONGEST_PARAM = 6000;

    private final Path root;
    private final String id;
    private final String name;
    private final Instant start;

    private MlflowRun(Path root, String id, String name, Instant start) {
        this.root = root;
        this.id = id;
        this.name = name;
        this.start = start;
    }

    /** Starts a run in {@code mlruns}, or the existing one again. */
    static MlflowRun begin(Path mlruns, String name, Map<String, String> params, Instant start) throws IOException {
        Path experiment = mlruns.resolve(EXPERIMENT);
        String id = existing(experiment)
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
        MlflowRun run = new MlflowRun(experiment.resolve(id), id, name, start);
        run.clear();
        for (String part : List.of("metrics", "params", "tags", "artifacts"))
            Files.createDirectories(run.root.resolve(part));
        long millis = start.toEpochMilli();
        Files.writeString(
                experiment.resolve("meta.yaml"),
                yaml("artifact_location", text(experiment.toUri().toString()))
                        + yaml("creation_time", millis)
                        + yaml("experiment_id", text(EXPERIMENT))
                        + yaml("last_update_time", millis)
                        + yaml("lifecycle_stage", "active")
                        + yaml("name", "tramontane"));
        run.meta(RUNNING, null);
        for (Map.Entry<String, String> param : params.entrySet())
            Files.writeString(run.root.resolve("params").resolve(safe(param.getKey())), cut(param.getValue()));
        Files.writeString(run.root.resolve("tags").resolve("mlflow.runName"), name);
        return run;
    }

    private static Optional<String> existing(Path experiment) throws IOException {
        if (!Files.isDirectory(experiment)) return Optional.empty();
        try (Stream<Path> entries = Files.list(experiment)) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(file -> file.matches("[0-9a-f]{32}"))
                    .findFirst();
        }
    }

    private void clear() throws IOException {
        Path metrics = root.resolve("metrics");
        if (!Files.isDirectory(metrics)) return;
        try (Stream<Path> files = Files.walk(metrics)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    private void meta(int status, Instant end) throws IOException {
        Files.createDirectories(root);
        Files.writeString(
                root.resolve("meta.yaml"),
                yaml("artifact_uri", text(root.resolve("artifacts").toUri().toString()))
                        + yaml("end_time", end == null ? "null" : end.toEpochMilli())
                        + yaml("entry_point_name", "''")
                        + yaml("experiment_id", text(EXPERIMENT))
                        + yaml("lifecycle_stage", "active")
                        + yaml("run_id", text(id))
                        + yaml("run_name", text(name))
                        + yaml("run_uuid", text(id))
                        + yaml("source_name", "''")
                        + yaml("source_type", 4)
                        + yaml("source_version", "''")
                        + yaml("start_time", start.toEpochMilli())
                        + yaml("status", status)
                        + yaml("tags", "[]")
                        + yaml("user_id", "''"));
    }

    @Override
    public void scalars(Instant time, long step, Map<String, Double> values) throws IOException {
        for (Map.Entry<String, Double> value : values.entrySet()) {
            Path file = root.resolve("metrics");
            for (String part : value.getKey().split("/")) file = file.resolve(safe(part));
            Files.createDirectories(file.getParent());
            Files.writeString(
                    file,
                    time.toEpochMilli() + " " + value.getValue() + " " + step + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
    }

    /** Names may come from the user's data: characters that MLflow or the file system refuses become "_". */
    private static String safe(String part) {
        String safe = part.replaceAll("[^A-Za-z0-9_. -]", "_");
        return safe.isEmpty() || safe.matches("\\.+") ? "_" : safe;
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_PARAM ? value : value.substring(0, LONGEST_PARAM);
    }

    private static String yaml(String key, Object value) {
        return key + ": " + value + "\n";
    }

    private static String text(String value) {
        return "'" + value.replace("'", "''").replaceAll("\\p{Cntrl}", " ") + "'";
    }

    @Override
    public void restartAt(long firstStep) {}

    @Override
    public void end(Instant time, String reason, boolean failed) throws IOException {
        Files.writeString(root.resolve("tags").resolve("reason"), reason);
        meta(failed ? FAILED : FINISHED, time);
    }

    @Override
    public void close() {}
}
