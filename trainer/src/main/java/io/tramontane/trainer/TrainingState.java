package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.SaveForm;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

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
    private static final String STATE = "state.json";
    private static final String MOMENTS = "optimizer";
    private static final String FIRST = "first.safetensors";
    private static final String SECOND = "second.safetensors";
    private static final String REFERENCE = "reference.safetensors";

    /** A folder that is not on this machine is copied to it first. */
    static TrainingState read(StoragePath folder) {
        try (LocalCopy copy = LocalCopy.of(folder)) {
            return read(copy.path());
        }
    }

    private static TrainingState read(Path folder) {
        Path file = folder.resolve(STATE);
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

    /**
     * A reader sees either nothing or all of it: {@code state.json} is written last, and on this machine the folder has
     * another name until then.
     */
    static void write(StoragePath folder, Path tokenizerJson, Parts parts) {
        StoragePath beside = folder.isRemote() ? folder : folder.beside(".writing");
        try {
            beside.child(STATE).delete();
            beside.deleteTree();
            Map<String, Object> state = writeWeights(beside, tokenizerJson, parts.weights(), parts.updates());
            StoragePath moments = beside.child(MOMENTS);
            moments.makeFolder();
            Checkpoint.writeVector(moments.child(FIRST), parts.first());
            Checkpoint.writeVector(moments.child(SECOND), parts.second());
            Optional<WeightSnapshot> reference = parts.reference();
            if (reference.isPresent()) Checkpoint.writeVector(moments.child(REFERENCE), reference.get());
            try (OutputStream out = beside.child(STATE).write()) {
                out.write(JSON.writeValueAsBytes(state));
            }
            if (folder.isRemote()) return;
            folder.deleteTree();
            new LocalStorage(beside.local()).rename(new LocalStorage(folder.local()));
        } catch (IOException e) {
            throw new UncheckedIOException("checkpoint " + folder.name(), e);
        }
    }

    private static Map<String, Object> writeWeights(
            StoragePath folder, Path tokenizerJson, WeightSnapshot weights, long updates) throws IOException {
        Checkpoint.write(folder, weights, tokenizerJson, SaveForm.exact());
        return Map.of("step", weights.version(), "updates", updates, "digest", weights.digest());
    }
}
