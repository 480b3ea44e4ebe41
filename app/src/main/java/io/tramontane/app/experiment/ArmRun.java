package io.tramontane.app.experiment;

import io.tramontane.app.report.RunNumbers;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One arm with one seed, in a folder of its own: {@code run/} (the run), {@code NAME.json} (further evaluations and analyses),
 * {@code settings} (what it was started with). What is finished is not done again. The model of a cold start lies beside the
 * arms, in {@code coldStarts/}: those with the same recipe, settings and seed begin with the same one.
 */
final class ArmRun {
    private static final String COLD_START = "sft";

    private final Experiment experiment;
    private final Experiment.Arm arm;
    private final long seed;
    private final Path folder;
    private final Path coldStart;
    private final String master;

    ArmRun(Experiment experiment, Experiment.Arm arm, long seed, Path out, String master) {
        this.experiment = experiment;
        this.arm = arm;
        this.seed = seed;
        this.folder = out.resolve(arm.name()).resolve("seed-" + seed);
        this.coldStart = out.resolve("coldStarts")
                .resolve("seed-" + seed + "-" + hash(coldStartSettings()).substring(0, 8));
        this.master = master;
    }

    Experiment.Arm arm() {
        return arm;
    }

    long seed() {
        return seed;
    }

    /** For the console. */
    String title() {
        return "arm " + arm.name() + ", seed " + seed;
    }

    Path log() {
        return folder.resolve("console.log");
    }

    /** Refuses a folder that was made with other settings; otherwise notes these. */
    void claim() {
        Path noted = folder.resolve("settings");
        String now = settings();
        try {
            if (!arm.coldStart().isEmpty()) Files.createDirectories(coldStart.getParent());
            if (Files.exists(noted)) {
                if (!Files.readString(noted).equals(now))
                    throw new BadInputException(folder + ": was made with other settings (see " + noted
                            + "), name another folder with --out or remove it");
                return;
            }
            Files.createDirectories(folder);
            new LocalStorage(noted).replace(now.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + noted, e);
        }
    }

    /** Everything that decides the numbers, one setting a line. */
    private String settings() {
        List<String> lines = new ArrayList<>();
        lines.add("recipe " + digest(experiment.recipe(experiment.base())));
        lines.addAll(coldStartSettings());
        experiment.set().forEach(set -> lines.add("--set " + set));
        arm.set().forEach(set -> lines.add("--set " + set));
        lines.add("seed " + seed);
        return String.join("\n", lines) + "\n";
    }

    /** What decides the cold start besides the seed. */
    private List<String> coldStartSettings() {
        if (arm.coldStart().isEmpty()) return List.of();
        List<String> lines = new ArrayList<>(List.of("cold start " + digest(experiment.recipe(arm.coldStart()))));
        arm.coldStartSet().forEach(set -> lines.add("cold start --set " + set));
        return lines;
    }

    private static String digest(Path recipe) {
        try {
            return recipe.getFileName() + " sha256 " + hash(Files.readAllBytes(recipe));
        } catch (IOException e) {
            throw new BadInputException(recipe + ": cannot be read");
        }
    }

    private static String hash(List<String> lines) {
        return hash(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes));
    }

    /** What is left to do; empty when all is finished. Ask again after each command. */
    List<String> next() {
        if (!arm.coldStart().isEmpty() && !Files.exists(coldStart.resolve("config.json"))) return coldStartCommand();
        if (!isTrained()) return trainCommand();
        for (Map.Entry<String, List<String>> each : arm.evaluate().entrySet())
            if (!Files.exists(check(each.getKey())))
                return checkCommand(List.of("evaluate", "--run", run().toString()), each);
        for (Map.Entry<String, List<String>> each : arm.analyse().entrySet())
            if (!Files.exists(check(each.getKey())))
                return checkCommand(List.of("analyse", "weights", run().toString()), each);
        return List.of();
    }

    /** True for a command that makes the model of a cold start, which other arms may need as well. */
    static boolean isColdStart(List<String> command) {
        return command.get(0).equals(COLD_START);
    }

    private boolean isTrained() {
        return Files.exists(runFolder().metrics().local()) && numbers().isFinished();
    }

    private List<String> coldStartCommand() {
        List<String> command = new ArrayList<>(List.of(
                COLD_START, "--config", experiment.recipe(arm.coldStart()).toString(), "--out", coldStart.toString()));
        if (Files.isDirectory(coldStart.resolve("checkpoints"))) command.add("--resume");
        sets(arm.coldStartSet(), command);
        sets(List.of("seed=" + seed), command);
        return command;
    }

    private List<String> trainCommand() {
        List<String> command = new ArrayList<>(List.of("train", "--run", run().toString()));
        if (!master.isEmpty()) command.addAll(List.of("--master", master));
        if (Files.exists(runFolder().configYaml().local())) {
            command.add("--resume");
            return command;
        }
        command.addAll(List.of("--config", experiment.recipe(experiment.base()).toString()));
        sets(experiment.set(), command);
        if (!arm.coldStart().isEmpty()) sets(List.of("model=" + coldStart), command);
        sets(arm.set(), command);
        sets(List.of("seed=" + seed), command);
        return command;
    }

    private List<String> checkCommand(List<String> begin, Map.Entry<String, List<String>> check) {
        List<String> command = new ArrayList<>(begin);
        command.addAll(List.of("--out", check(check.getKey()).toString()));
        command.addAll(check.getValue());
        return command;
    }

    private static void sets(List<String> sets, List<String> command) {
        for (String set : sets) command.addAll(List.of("--set", set));
    }

    private Path run() {
        return folder.resolve("run");
    }

    RunFolder runFolder() {
        return new RunFolder(run());
    }

    /** Result of a further evaluation or an analysis. */
    Path check(String name) {
        return folder.resolve(name + ".json");
    }

    RunNumbers numbers() {
        return RunNumbers.of(runFolder());
    }

    /** True when a run has begun, so that there are numbers. */
    boolean hasNumbers() {
        return Files.exists(runFolder().metrics().local());
    }
}
