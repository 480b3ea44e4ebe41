package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that training needs to go on: a Hugging Face model folder with {@code state.json} beside the weights, and
 * Adam's moments, tensors of the same names, as {@code optimizer/first.safetensors} and {@code optimizer/second.safetensors}:
 * other programs take every safetensors file of a model folder for weights. Older checkpoints have them beside the weights.
 *
 * <p>Of LoRA the weights are merged, as other programs read them. Training goes on from the base that the run started from,
 * with the adapters in {@code adapter/}, PEFT's form; the moments are theirs.
 *
 * @param weights theta, with its version; of LoRA the base
 * @param adapters those of LoRA, else null
 * @param first Adam's first moment
 * @param second Adam's second moment
 * @param updates optimizer steps done
 */
record TrainingState(
        WeightSnapshot weights, WeightSnapshot adapters, WeightSnapshot first, WeightSnapshot second, long updates) {
    /** Folder of a checkpoint that holds the adapters. */
    static final String ADAPTER = "adapter";

    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String MOMENTS = "optimizer";
    private static final String FIRST = "first.safetensors";
    private static final String SECOND = "second.safetensors";

    /** Of full training. */
    static TrainingState read(Path folder) {
        return read(folder, LoraConfig.defaults(), null);
    }

    /** What the config trains must be what was saved; {@code model} is the base of LoRA, otherwise not read. */
    static TrainingState read(Path folder, LoraConfig lora, Path model) {
        Path file = folder.resolve("state.json");
        try {
            JsonNode state = JSON.readTree(file.toFile());
            int version = state.path("step").asInt(-1);
            int rank = state.path("lora").path("rank").asInt(0);
            if (rank != lora.rank())
                throw new BadInputException(folder + ": was trained with lora.rank " + rank
                        + ", the config says lora.rank " + lora.rank());
            return lora.on() ? readLora(folder, lora, state, model) : readFull(folder, state, version);
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static TrainingState readFull(Path folder, JsonNode state, int version) {
        WeightSnapshot weights = Checkpoint.read(folder, version);
        checkDigest(folder + ": the weights", weights, state.path("digest"));
        Path moments = Files.isDirectory(folder.resolve(MOMENTS)) ? folder.resolve(MOMENTS) : folder;
        return new TrainingState(
                weights,
                null,
                Checkpoint.readVector(moments.resolve(FIRST), weights.config(), version),
                Checkpoint.readVector(moments.resolve(SECOND), weights.config(), version),
                state.path("updates").asLong());
    }

    private static TrainingState readLora(Path folder, LoraConfig lora, JsonNode state, Path model) {
        int version = state.path("step").asInt(-1);
        WeightSnapshot base = Checkpoint.read(model, version);
        PeftAdapter adapter = PeftAdapter.read(folder.resolve(ADAPTER), base.config(), version);
        if (!adapter.lora().sameAs(lora))
            throw new BadInputException(folder + ": was trained with lora.alpha "
                    + adapter.lora().alpha() + " and lora.targets " + adapter.lora().targets()
                    + ", the config says " + lora.alpha() + " and " + lora.targets());
        checkDigest(model + ": the base of the adapter in " + folder, base, state.path("lora").path("base"));
        checkDigest(folder + ": the adapter", adapter.weights(), state.path("lora").path("adapter"));
        return new TrainingState(
                base,
                adapter.weights(),
                adapter.readVector(folder.resolve(MOMENTS).resolve(FIRST)),
                adapter.readVector(folder.resolve(MOMENTS).resolve(SECOND)),
                state.path("updates").asLong());
    }

    private static void checkDigest(String what, WeightSnapshot read, JsonNode digest) {
        if (!read.digest().equals(digest.asText()))
            throw new BadInputException(what + "' digest is not the one in state.json, " + digest.asText());
    }

    /**
     * What is saved. Every vector is copied when it is needed, so that there is one copy at a time.
     *
     * @param policy with the weights, and the adapters if there are any
     * @param optimizer with the moments
     * @param version steps done
     */
    record Parts(Policy policy, Optimizer optimizer, int version) {
        private interface Rest {
            void write(Path folder, Map<String, Object> state) throws IOException;
        }

        /** A reader sees either nothing or all of it. */
        void write(Path folder, Path tokenizerJson) {
            write(folder, tokenizerJson, (beside, state) -> {});
        }

        /** The same of adapters; {@code base} is the digest of the weights that they are added to. */
        void writeLora(Path folder, Path tokenizerJson, LoraConfig lora, String base) {
            write(folder, tokenizerJson, (beside, state) -> {
                PeftAdapter adapter = new PeftAdapter(lora, policy.snapshot(policy.trained(), version));
                adapter.write(Files.createDirectory(beside.resolve(ADAPTER)));
                state.put(
                        "lora",
                        Map.of("rank", lora.rank(), "base", base, "adapter", adapter.weights().digest()));
            });
        }

        private void write(Path folder, Path tokenizerJson, Rest rest) {
            Path beside = folder.resolveSibling(folder.getFileName() + ".writing");
            try {
                delete(beside);
                Map<String, Object> state = writeWeights(beside, tokenizerJson);
                rest.write(beside, state);
                JSON.writeValue(beside.resolve("state.json").toFile(), state);
                Path moments = Files.createDirectory(beside.resolve(MOMENTS));
                Checkpoint.writeVector(moments.resolve(FIRST), optimizer.first());
                Checkpoint.writeVector(moments.resolve(SECOND), optimizer.second());
                delete(folder);
                Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException("checkpoint " + folder, e);
            }
        }

        private Map<String, Object> writeWeights(Path folder, Path tokenizerJson) throws IOException {
            WeightSnapshot weights = policy.snapshot(version);
            Checkpoint.write(folder, weights, tokenizerJson);
            Map<String, Object> state = new LinkedHashMap<>();
            state.put("step", version);
            state.put("updates", optimizer.updates());
            state.put("digest", weights.digest());
            return state;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }
}
