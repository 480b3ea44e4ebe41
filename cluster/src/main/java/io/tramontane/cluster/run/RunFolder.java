package io.tramontane.cluster.run;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the files of one run are. Nothing else in the program knows these names.
 *
 * @param root the folder itself
 */
public record RunFolder(Path root) {
    private static final Pattern CHECKPOINT = Pattern.compile("step-(\\d{6,9})");

    /** Makes the folder and its parts for a new run; a folder that already holds a run is the user's mistake. */
    public static RunFolder create(Path root) {
        RunFolder folder = new RunFolder(root);
        if (Files.exists(folder.configYaml()) || Files.exists(folder.metrics()))
            throw new BadInputException(
                    "run folder " + root + " already holds a run: continue it with --resume or name another folder");
        folder.makeParts();
        return folder;
    }

    /** A folder that holds a run, finished or not. */
    public static RunFolder existing(Path root) {
        RunFolder folder = new RunFolder(root);
        if (!Files.isRegularFile(folder.configYaml()))
            throw new BadInputException("run folder " + root + " holds no run: " + folder.configYaml() + " is missing");
        return folder;
    }

    /** Makes the parts that are missing. */
    public void makeParts() {
        try {
            for (Path part : new Path[] {ledger(), batches(), checkpoints(), tensorboard(), samples(), logs()})
                Files.createDirectories(part);
        } catch (IOException e) {
            throw new BadInputException("run folder " + root + " cannot be made: " + e);
        }
    }

    /** The run's name: that of its folder. */
    public String name() {
        return root.toAbsolutePath().normalize().getFileName().toString();
    }

    /** The resolved configuration. */
    public Path configYaml() {
        return root.resolve("config.yaml");
    }

    /** Held by the process that writes the run, see {@link RunLock}. */
    public Path lock() {
        return root.resolve("lock");
    }

    /** Append-only events of the ledger. */
    public Path ledger() {
        return root.resolve("ledger");
    }

    /** What was trained on, one Arrow file a step. */
    public Path batches() {
        return root.resolve("batches");
    }

    /** One folder per saved step. */
    public Path checkpoints() {
        return root.resolve("checkpoints");
    }

    /** One JSON object a line. */
    public Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    /** Event files with the same numbers as {@link #metrics()}. */
    public Path tensorboard() {
        return root.resolve("tensorboard");
    }

    /** Completions with their verdicts, one file a step. */
    public Path samples() {
        return root.resolve("samples");
    }

    /** The run as one page. */
    public Path report() {
        return root.resolve("report.html");
    }

    /** What Spark, the engine and the roles log. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** The batch that made policy version {@code step}. */
    public Path batch(int step) {
        return batches().resolve(stepName(step) + ".arrow");
    }

    /** The checkpoint of policy version {@code step}. */
    public Path checkpoint(int step) {
        return checkpoints().resolve(stepName(step));
    }

    /** The samples of one step. */
    public Path sampleFile(int step) {
        return samples().resolve(stepName(step) + ".jsonl");
    }

    /** One whole group of a step, token by token. */
    public Path groupFile(int step) {
        return samples().resolve(String.format(Locale.ROOT, "group-%06d.jsonl", step));
    }

    /** The result of each problem of an evaluation, one file a step. */
    public Path evaluations() {
        return root.resolve("evaluations");
    }

    /** The problems of one evaluation. */
    public Path evaluationFile(int step) {
        return evaluations().resolve(stepName(step) + ".jsonl");
    }

    /** Steps of the checkpoints that are there, in order. */
    public int[] checkpointSteps() {
        if (!Files.isDirectory(checkpoints())) return new int[0];
        try (Stream<Path> entries = Files.list(checkpoints())) {
            return entries.map(path -> CHECKPOINT.matcher(path.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(match -> Integer.parseInt(match.group(1)))
                    .sorted()
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest complete checkpoint; a save that was cut off has another name and does not count. */
    public OptionalInt latestCheckpoint() {
        return Arrays.stream(checkpointSteps()).max();
    }

    private static String stepName(int step) {
        if (step < 0) throw new IllegalArgumentException("step " + step + ", allowed >= 0");
        return String.format(Locale.ROOT, "step-%06d", step);
    }
}
