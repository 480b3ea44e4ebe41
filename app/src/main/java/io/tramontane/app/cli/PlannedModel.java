package io.tramontane.app.cli;

import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.BadInputException;
import io.tramontane.data.LocalPath;
import io.tramontane.data.StoragePath;
import io.tramontane.data.source.DataConfig;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model of a recipe that is planned on a machine where it does not lie: its shape is what the config.json of {@code
 * plan.model} states. Nothing can be run with it.
 *
 * @param file that states the shape
 * @param shape of the model
 */
record PlannedModel(Path file, PolicyConfig shape) {
    /** Empty where the model is here, or where the recipe does not state the shape of one that is not. */
    static Optional<PlannedModel> of(Config config, Path recipe) {
        String stated = config.plan().model();
        if (stated.isEmpty() || config.model().startsWith("builtin:")) return Optional.empty();
        if (Files.exists(LocalPath.of("model", config.model()))) return Optional.empty();
        Path file = find(LocalPath.of("plan.model", stated), recipe);
        return Optional.of(new PlannedModel(file, Checkpoint.statedConfig(file)));
    }

    private static Path find(Path file, Path recipe) {
        if (Files.isRegularFile(file)) return file;
        Path beside = recipe.toAbsolutePath().resolveSibling(file.toString()); // in the jar, too
        if (Files.isRegularFile(beside)) return beside;
        throw new BadInputException("plan.model " + file + ": no such file, neither from here nor beside " + recipe);
    }

    /** A line for a person. */
    String note(Config config) {
        return "warning: model " + config.model() + " is not on this machine: its shape is that of plan.model " + file;
    }

    /** A line for each file of problems that is not on this machine. */
    static List<String> missing(Config config) {
        List<String> lines = new ArrayList<>();
        for (Config stage : config.stages().values()) {
            DataConfig data = stage.data();
            missing("data.train", data.train())
                    .filter(line -> !lines.contains(line))
                    .ifPresent(lines::add);
            missing("data.evaluation", data.evaluation())
                    .filter(line -> !lines.contains(line))
                    .ifPresent(lines::add);
        }
        return lines;
    }

    private static Optional<String> missing(String key, String source) {
        if (source.equals("gym")) return Optional.empty();
        StoragePath place = Storage.path(source);
        try {
            if (place.exists()) return Optional.empty();
        } catch (BadInputException e) {
            return Optional.of("warning: " + key + " " + e.getMessage() + ": its problems were not looked at");
        }
        return Optional.of("warning: " + key + " " + source + " is not "
                + (place.isRemote() ? "there" : "on this machine") + ": its problems were not looked at");
    }
}
