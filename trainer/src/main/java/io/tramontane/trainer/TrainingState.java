package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that training needs to go on: a Hugging Face model folder with {@code state.json} beside the weights, and
 * Adam's moments, tensors of the same names, as {@code optimizer/first.safetensors} and {@code optimizer/second.safetensors}:
 * other programs take every safetensors file of a model folder for weights. Older checkpoints have them beside the weights.
 *
 * @param weights theta, with its version
 * @param first Adam's first moment
 * @param second Adam's second moment
 * @param updates optimizer steps done
 * @param reference weights of the policy that a KL is taken to, where there is one: {@code optimizer/reference.safetensors}
 */
record TrainingState(
        WeightSnapshot weights,
        WeightSnapshot first,
        WeightSnapshot second,
        long updates,
        Optional<WeightSnapshot> reference) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String MOMENTS = "optimizer";
    private static final String FIRST = "first.safetensors";
    private static final String SECOND = "second.safetensors";
    private static final String REFERENCE = "reference.safetensors";

    static TrainingState read(Path folder) {
        Path file = folder.resolve("state.json");
        try {
            JsonNode state = JSON.readTree(file.toFile());
            int version = state.path("step").asInt(-1);
            WeightSnapshot weights = Checkpoint.read(folder, version);
            String digest = state.path("digest").asText();
            if (!weights.digest().equals(digest))
                throw new BadInputException(folder + ": the weights' digest is not the one in state.json, " + digest);
            Path moments = Files.isDirectory(folder.resolve(MOMENTS)) ? folder.resolve(MOMENTS) : folder;
            return new TrainingState(
                    weights,
                    Checkpoint.readVector(moments.resolve(FIRST), weights.config(), version),
                    Checkpoint.readVector(moments.resolve(SECOND), weights.config(), version),
                    state.path("updates").asLong(),
                    Files.exists(moments.resolve(REFERENCE))
                            ? Optional.of(Checkpoint.readVector(moments.resolve(REFERENCE), weights.config(), version))
                            : Optional.empty());
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** What is saved. Every vector is copied when it is asked for, so that there is one copy at a time. */
    interface Parts {
        WeightSnapshot weights();

        WeightSnapshot first();

        WeightSnapshot second();

        long updates();

        /** Empty where the objective has none. */
        default Optional<WeightSnapshot> reference() {
            return Optional.empty();
        }
    }

    /** A reader sees either nothing or all of it. */
    static void write(Path folder, Path tokenizerJson, Parts parts) {
        Path beside = folder.resolveSibling(folder.getFileName() + ".writing");
        try {
            delete(beside);
            JSON.writeValue(
                    beside.resolve("state.json").toFile(),
                    writeWeights(beside, tokenizerJson, parts.weights(), parts.updates()));
            Path moments = Files.createDirectory(beside.resolve(MOMENTS));
            Checkpoint.writeVector(moments.resolve(FIRST), parts.first());
            Checkpoint.writeVector(moments.resolve(SECOND), parts.second());
            Optional<WeightSnapshot> reference = parts.reference();
            if (reference.isPresent()) Checkpoint.writeVector(moments.resolve(REFERENCE), reference.get());
            delete(folder);
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + folder, e);
        }
    }

    private static Map<String, Object> writeWeights(
            Path folder, Path tokenizerJson, WeightSnapshot weights, long updates) throws IOException {
        Checkpoint.write(folder, weights, tokenizerJson);
        return Map.of("step", weights.version(), "updates", updates, "digest", weights.digest());
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
