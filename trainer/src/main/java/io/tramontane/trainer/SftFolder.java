package io.tramontane.trainer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import io.tramontane.model.CheckpointManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that a cold start makes: {@code loss.jsonl}, one line a step; {@code checkpoints/step-000500/}, from which an
 * interrupted cold start goes on (they are model folders, too); and the finished model's files, which come last.
 */
final class SftFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SftFolder.class);
    private static final ObjectMapper JSON = JsonReading.mapper();

    private final Path root;

    SftFolder(Path root) {
        this.root = root;
    }

    Path checkpoint(int step) {
        return root.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%06d", step));
    }

    /** The newest checkpoint in which every file is what was saved; a damaged one is told and gets another name. */
    Optional<Path> latest(Consumer<String> tell) {
        for (Path checkpoint : checkpoints()) {
            try {
                CheckpointManifest.read(new LocalStorage(checkpoint))
                        .ifPresent(manifest -> manifest.check(new LocalStorage(checkpoint)));
                return Optional.of(checkpoint);
            } catch (BadInputException e) {
                tell.accept(e.getMessage() + "; set aside as " + setAside(checkpoint)
                        + ", the cold start goes on from the checkpoint before");
            }
        }
        return Optional.empty();
    }

    private static String setAside(Path checkpoint) {
        LocalStorage aside = new LocalStorage(checkpoint.resolveSibling(checkpoint.getFileName() + ".damaged"));
        try {
            aside.deleteTree();
            new LocalStorage(checkpoint).rename(aside);
            return aside.fileName();
        } catch (IOException e) {
            throw new BadInputException(checkpoint + ": is damaged and cannot be renamed (" + e.getMessage() + ")");
        }
    }

    /** The newest first. */
    private List<Path> checkpoints() {
        Path all = root.resolve("checkpoints");
        if (!Files.isDirectory(all)) return List.of();
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(folder -> folder.getFileName().toString().matches("step-\\d{6,}"))
                    .sorted(Comparator.comparing(
                                    (Path folder) -> folder.getFileName().toString())
                            .reversed())
                    .toList();
        } catch (IOException e) {
            throw new BadInputException(all + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** Makes the folder for checkpoints; what is there already must come from the same config, or it is of no use. */
    void make(SftConfig config) {
        try {
            Files.createDirectories(root.resolve("checkpoints"));
            if (Files.notExists(config())) Files.writeString(config(), config + "\n");
            else if (!Files.readString(config()).equals(config + "\n"))
                throw new BadInputException(root + ": its checkpoints come from another config, see " + config());
        } catch (IOException e) {
            throw new BadInputException(root + ": cannot be made (" + e.getMessage() + ")");
        }
    }

    /** Removes what {@link #make} made, if nothing came of it. */
    void removeIfEmpty() {
        if (Files.exists(curve())) return;
        try {
            Files.deleteIfExists(config());
            Files.deleteIfExists(root.resolve("checkpoints"));
            Files.deleteIfExists(root);
        } catch (IOException notEmpty) { // then it is of use
        }
    }

    /** Adds a line to the loss curve. */
    void loss(SftProgress progress, double rate, double seconds) {
        ObjectNode line = JSON.createObjectNode().put("step", progress.step());
        line.put("loss", progress.loss()).put("learningRate", rate);
        line.put("tokens", progress.tokens()).put("seconds", Math.round(seconds * 1000) / 1000.0);
        try {
            Files.writeString(
                    curve(), line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(curve() + ": cannot be written", e);
        }
    }

    /** Forgets lines after a step, from which training goes on; returns the tokens and seconds until then. */
    ObjectNode cutCurve(int step) {
        try {
            List<ObjectNode> kept = new ArrayList<>();
            LocalStorage curve = new LocalStorage(curve());
            AppendLog.read(curve, line -> row(line).ifPresent(kept::add));
            kept.removeIf(row -> row.path("step").asInt() > step);
            AppendLog.replace(curve, kept.stream().map(row -> row + "\n").toList());
            return kept.isEmpty() ? JSON.createObjectNode() : kept.get(kept.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(curve() + ": cannot be written", e);
        }
    }

    /** A line that cannot be read is left out: the curve is a report, which never stops training. */
    private Optional<ObjectNode> row(AppendLog.Line line) {
        try {
            if (JSON.readTree(line.bytes()) instanceof ObjectNode row) return Optional.of(row);
        } catch (IOException broken) { // said below
        }
        LOG.warn("{}:{}: not a JSON object, left out", curve(), line.number());
        return Optional.empty();
    }

    private Path config() {
        return root.resolve("checkpoints").resolve("config.txt");
    }

    private Path curve() {
        return root.resolve("loss.jsonl");
    }
}
