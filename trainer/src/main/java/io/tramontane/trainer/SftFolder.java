package io.tramontane.trainer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.AppendLog;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that a cold start makes: {@code loss.jsonl}, one line a step; {@code checkpoints/step-000500/}, from which an
 * interrupted cold start goes on (they are model folders, too); and the finished model's files, which come last.
 */
final class SftFolder {
    private static final ObjectMapper JSON = JsonReading.mapper();

    private final Path root;

    SftFolder(Path root) {
        this.root = root;
    }

    Path checkpoint(int step) {
        return root.resolve("checkpoints").resolve(String.format(Locale.ROOT, "step-%06d", step));
    }

    /** The newest checkpoint. */
    Optional<Path> latest() {
        Path all = root.resolve("checkpoints");
        if (!Files.isDirectory(all)) return Optional.empty();
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(folder -> folder.getFileName().toString().matches("step-\\d{6,}"))
                    .max((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()));
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
            AppendLog.read(curve, line -> kept.add(row(line)));
            kept.removeIf(row -> row.path("step").asInt() > step);
            AppendLog.replace(curve, kept.stream().map(row -> row + "\n").toList());
            return kept.isEmpty() ? JSON.createObjectNode() : kept.get(kept.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(curve() + ": cannot be written", e);
        }
    }

    private ObjectNode row(AppendLog.Line line) {
        try {
            if (JSON.readTree(line.bytes()) instanceof ObjectNode row) return row;
        } catch (IOException broken) { // said below
        }
        throw new BadInputException(curve() + ":" + line.number() + ": not a JSON object");
    }

    private Path config() {
        return root.resolve("checkpoints").resolve("config.txt");
    }

    private Path curve() {
        return root.resolve("loss.jsonl");
    }
}
