package io.tramontane.cluster.run;

import io.tramontane.cluster.files.Storage;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.trainer.StateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the files of one run are. Nothing else in the program knows these names.
 *
 * @param root the folder itself
 */
public record RunFolder(StoragePath root) {
    /** The suffix of a checkpoint of this machine that is being deleted. */
    public static final String DELETING = ".deleting";

    /** The suffix of a checkpoint that is not what was saved; nothing reads or deletes it. */
    public static final String DAMAGED = ".damaged";

    private static final Pattern CHECKPOINT = Pattern.compile("step-\\d{6,9}");

    /** A folder of this machine. */
    public RunFolder(Path root) {
        this(new LocalStorage(root));
    }

    /** Where a path leads: this machine, or {@code s3a://} and the like. */
    public static RunFolder at(String root) {
        return new RunFolder(Storage.path(root));
    }

    /** The same folder for a process that works elsewhere. */
    public RunFolder absolute() {
        return root.isRemote() ? this : new RunFolder(root.local().toAbsolutePath());
    }

    /** Makes the folder and its parts for a new run; a folder that already holds a run is the user's mistake. */
    public static RunFolder create(RunFolder folder) {
        if (folder.configYaml().exists() || folder.hasMetrics())
            throw new BadInputException("run folder " + folder.root().name()
                    + " already holds a run: continue it with --resume or name another folder");
        folder.makeParts();
        return folder;
    }

    /** The same on this machine. */
    public static RunFolder create(Path root) {
        return create(new RunFolder(root));
    }

    /** A folder that holds a run, finished or not. */
    public static RunFolder existing(RunFolder folder) {
        if (!folder.configYaml().exists())
            throw new BadInputException("run folder " + folder.root().name() + " holds no run: "
                    + folder.configYaml().name() + " is missing");
        return folder;
    }

    /** The same on this machine. */
    public static RunFolder existing(Path root) {
        return existing(new RunFolder(root));
    }

    private boolean hasMetrics() {
        try {
            return AppendLog.exists(metrics());
        } catch (IOException e) {
            throw new UncheckedIOException(metrics().name() + ": cannot be read", e);
        }
    }

    /** Makes the parts that are missing. */
    public void makeParts() {
        try {
            for (StoragePath part : List.of(ledger(), batches(), checkpoints(), tensorboard(), samples(), logs()))
                part.makeFolder();
        } catch (IOException e) {
            throw new BadInputException("run folder " + root.name() + " cannot be made: " + e);
        }
    }

    /** The run's name: that of its folder. */
    public String name() {
        return root.fileName();
    }

    /** The resolved configuration. */
    public StoragePath configYaml() {
        return root.child("config.yaml");
    }

    /** Held by the process that writes the run, see {@link RunLock}. */
    public StoragePath lock() {
        return root.child("lock");
    }

    /** Append-only events of the ledger. */
    public StoragePath ledger() {
        return root.child("ledger");
    }

    /** The log of these events. */
    public StoragePath events() {
        return ledger().child("events.jsonl");
    }

    /** What was trained on, one Arrow file a step. */
    public StoragePath batches() {
        return root.child("batches");
    }

    /** One folder per saved step. */
    public StoragePath checkpoints() {
        return root.child("checkpoints");
    }

    /** One JSON object a line. */
    public StoragePath metrics() {
        return root.child("metrics.jsonl");
    }

    /** Event files with the same numbers as {@link #metrics()}. */
    public StoragePath tensorboard() {
        return root.child("tensorboard");
    }

    /** Completions with their verdicts, one file a step. */
    public StoragePath samples() {
        return root.child("samples");
    }

    /** The run as one page. */
    public StoragePath report() {
        return root.child("report.html");
    }

    /** What Spark, the engine and the roles log. */
    public StoragePath logs() {
        return root.child("logs");
    }

    /** The batch that made policy version {@code step}. */
    public StoragePath batch(int step) {
        return batches().child(stepName(step) + ".arrow");
    }

    /** The checkpoint of policy version {@code step}. */
    public StoragePath checkpoint(int step) {
        return checkpoints().child(stepName(step));
    }

    /** What was sampled of groups that were in flight when the run was interrupted, one file a group. */
    public StoragePath spill() {
        return root.child("spill");
    }

    /** The samples of one step. */
    public StoragePath sampleFile(int step) {
        return samples().child(stepName(step) + ".jsonl");
    }

    /** One whole group of a step, token by token. */
    public StoragePath groupFile(int step) {
        return samples().child(String.format(Locale.ROOT, "group-%06d.jsonl", step));
    }

    /** The result of each problem of an evaluation, one file a step. */
    public StoragePath evaluations() {
        return root.child("evaluations");
    }

    /** The problems of one evaluation. */
    public StoragePath evaluationFile(int step) {
        return evaluations().child(stepName(step) + ".jsonl");
    }

    /** Steps of the complete checkpoints, in order. */
    public int[] checkpointSteps() {
        return checkpointNames(name -> CHECKPOINT.matcher(name).matches()
                        && isComplete(checkpoints().child(name)))
                .mapToInt(name -> Integer.parseInt(name.substring("step-".length())))
                .sorted()
                .toArray();
    }

    /**
     * On this machine a folder has its name when it is whole; elsewhere it is whole when its {@code state.json} exists, which
     * is written last and deleted first.
     */
    public boolean isComplete(StoragePath checkpoint) {
        return checkpoint.isRemote() ? checkpoint.child(StateFile.NAME).exists() : checkpoint.exists();
    }

    /** What a killed process has left of checkpoints that it was deleting, or writing where folders have no other name. */
    public List<StoragePath> incompleteCheckpoints() {
        return checkpointNames(name -> root.isRemote()
                        ? CHECKPOINT.matcher(name).matches()
                                && !isComplete(checkpoints().child(name))
                        : name.endsWith(DELETING)
                                && CHECKPOINT
                                        .matcher(name.substring(0, name.length() - DELETING.length()))
                                        .matches())
                .map(name -> checkpoints().child(name))
                .toList();
    }

    /** Gives a damaged checkpoint another name, by which no one takes it for a checkpoint; returns that name. */
    public String setAside(int step) throws IOException {
        StoragePath checkpoint = checkpoint(step);
        StoragePath aside = checkpoint.beside(DAMAGED);
        aside.deleteTree();
        if (checkpoint.isRemote()) { // an object has one name for ever
            LocalCopy.copy(checkpoint, aside);
            checkpoint.child(StateFile.NAME).delete();
            checkpoint.deleteTree();
        } else {
            new LocalStorage(checkpoint.local()).rename(new LocalStorage(aside.local()));
        }
        return aside.fileName();
    }

    private Stream<String> checkpointNames(Predicate<String> wanted) {
        try {
            return checkpoints().list().stream().filter(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoints().name() + ": cannot be read", e);
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
