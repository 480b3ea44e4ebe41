package io.tramontane.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.LocalCopy;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import io.tramontane.model.ranks.Collectives;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A policy on disk: a Hugging Face folder ({@code config.json}, safetensors in one file or several, the tokenizer's files
 * beside them), a folder in Mistral's own form ({@code params.json}, consolidated.safetensors) or a GGUF file. Written is
 * Hugging Face's form. Headers are checked against the files before memory is taken for the weights.
 */
public final class Checkpoint {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final long LARGEST_CONFIG = 1 << 24;

    private Checkpoint() {}

    /** The shape that a folder's config.json or params.json or a GGUF file's metadata states. */
    public static PolicyConfig config(Path model) {
        if (Files.isRegularFile(model)) return GgufModel.open(model).config();
        if (MistralFolder.hasShape(model)) return MistralParams.read(params(model));
        Path file = model.resolve("config.json");
        if (!Files.isRegularFile(file))
            throw new BadInputException(model + ": neither config.json nor params.json, so this is no model folder");
        return ConfigJson.read(configJson(model));
    }

    /**
     * The shape of a model whose tokenizer, if it has one, fits it: no id is beyond its vocabulary. Call it once, when a
     * command starts: it parses tokenizer.json.
     */
    public static PolicyConfig fittingConfig(Path model) {
        PolicyConfig config = config(model);
        if (Files.isRegularFile(model) || TokenizerFiles.areIn(model))
            TokenizerFiles.of(model).checkFits(config.vocabulary());
        return config;
    }

    /** The shape that a config.json states, wherever it lies and whether or not there is a model beside it. */
    public static PolicyConfig statedConfig(Path configJson) {
        return ConfigJson.read(JsonFields.read(configJson, LARGEST_CONFIG));
    }

    private static JsonFields configJson(Path folder) {
        return JsonFields.read(folder.resolve("config.json"), LARGEST_CONFIG);
    }

    private static JsonFields params(Path folder) {
        return JsonFields.read(folder.resolve(MistralFolder.PARAMS), LARGEST_CONFIG);
    }

    private static Quantization quantization(Path folder) {
        if (MistralFolder.hasShape(folder)) return Quantization.ofParams(params(folder));
        JsonFields json = configJson(folder);
        boolean inside = !json.has("quantization_config") && ConfigJson.hasVision(json);
        return Quantization.ofConfig(inside ? json.object("text_config") : json);
    }

    /** Reads all weights into float32; a missing, extra or misshapen tensor is named. */
    public static WeightSnapshot read(Path model, int version) {
        return read(model, version, Sharding.ALONE);
    }

    /** The same of those that a process of many holds: it reads all, and keeps its own. */
    public static WeightSnapshot read(Path model, int version, Sharding sharding) {
        if (Files.isRegularFile(model)) return GgufModel.open(model).read(version, sharding);
        PolicyConfig config = config(model);
        boolean mistral = MistralFolder.hasWeights(model);
        Map<String, StoredTensor> stored = stored(model, config, mistral);
        return read(model, stored, mistral, config, () -> snapshot(config, version, sharding.weights(config)));
    }

    /** The same of a folder in Hugging Face's form, read as it is needed. */
    public static StoredVector open(Path folder) {
        PolicyConfig config = config(folder);
        return open(folder, stored(folder, config, false), config);
    }

    private static StoredVector open(Path file, Map<String, StoredTensor> stored, PolicyConfig config) {
        return new StoredVector(config, stored, wanted(file, stored, config));
    }

    private static Map<String, StoredTensor> stored(Path model, PolicyConfig config, boolean mistral) {
        Map<String, StoredTensor> stored = mistral ? MistralFolder.read(model) : SafetensorsFolder.read(model);
        if (!mistral && ConfigJson.hasVision(configJson(model))) stored = TextPart.of(model, config, stored);
        stored = Fp8.scaled(model, quantization(model), stored);
        if (config.tiedHead()) dropEqualHead(stored);
        stored.keySet().removeIf(name -> name.endsWith(".self_attn.rotary_emb.inv_freq")); // follows from rope_theta
        return stored;
    }

    private static WeightSnapshot snapshot(PolicyConfig config, int version, List<VectorRange> ranges) {
        return new WeightSnapshot(config, config.tensors(), version, ranges);
    }

    /** The files that hold a model's weights: no other file of its folder is read for them. */
    public static List<Path> weightFiles(Path model) {
        if (Files.isRegularFile(model)) return List.of(model);
        return MistralFolder.hasWeights(model) ? MistralFolder.files(model) : SafetensorsFolder.files(model);
    }

    /** A checkpoint of a tied model may store its head, too; it must then equal the embedding. */
    private static void dropEqualHead(Map<String, StoredTensor> stored) {
        StoredTensor head = stored.get("lm_head.weight");
        StoredTensor embedding = stored.get("model.embed_tokens.weight");
        if (head == null || embedding == null) return;
        try (TensorReader one = new TensorReader(head.file());
                TensorReader two = new TensorReader(embedding.file())) {
            if (!one.same(head, two, embedding))
                throw new BadInputException(head.what()
                        + " differs from the embedding, but the configuration says that the head is tied to it");
        }
        stored.remove("lm_head.weight");
    }

    /** Memory is taken when the files are known to hold what it is for. */
    private static WeightSnapshot read(
            Path model,
            Map<String, StoredTensor> stored,
            boolean interleaved,
            PolicyConfig config,
            Supplier<WeightSnapshot> memory) {
        Map<String, TensorRange> wanted = wanted(model, stored, config);
        WeightSnapshot weights = memory.get();
        fill(weights, stored, wanted, interleaved ? config.headSize() : 0);
        return weights;
    }

    /** The ranges of theta that tensors fill; a missing, extra or misshapen one is named. */
    private static Map<String, TensorRange> wanted(Path model, Map<String, StoredTensor> stored, PolicyConfig config) {
        Map<String, TensorRange> wanted = new LinkedHashMap<>();
        new TensorLayout(config).forEach(range -> {
            StoredTensor tensor = stored.get(range.name());
            if (tensor == null) throw new BadInputException(model + ": tensor " + range.name() + " is missing");
            tensor.checkShape(range.shape());
            wanted.put(range.name(), range);
        });
        for (Map.Entry<String, StoredTensor> tensor : stored.entrySet())
            if (!wanted.containsKey(tensor.getKey()))
                throw new BadInputException(tensor.getValue().what() + " does not belong to a "
                        + config.variant().architecture().className() + " of this shape");
        return wanted;
    }

    /** {@code interleaved}: the head size where pairs of rotated rows lie side by side, otherwise 0. */
    private static void fill(
            WeightSnapshot weights,
            Map<String, StoredTensor> stored,
            Map<String, TensorRange> wanted,
            int interleaved) {
        Map<Path, TensorReader> readers = new HashMap<>();
        try {
            stored.forEach((name, tensor) -> {
                TensorReader reader = readers.computeIfAbsent(tensor.file(), TensorReader::new);
                boolean rotated = name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight");
                if (rotated && interleaved > 0) reader.copyInterleaved(tensor, weights, wanted.get(name), interleaved);
                else reader.copy(tensor, weights, wanted.get(name));
            });
        } finally {
            readers.values().forEach(TensorReader::close);
        }
    }

    /** As {@link #write(Path, WeightSnapshot, Path, SaveForm)}, exact. */
    public static void write(Path folder, WeightSnapshot weights, Path tokenizerJson) throws IOException {
        write(folder, weights, tokenizerJson, SaveForm.exact());
    }

    /**
     * Writes a folder that {@link #read} and transformers understand. Not atomic: write beside, then rename.
     *
     * @param tokenizerJson copied into the folder together with the files that belong to it; may be null
     */
    public static void write(Path folder, WeightSnapshot weights, Path tokenizerJson, SaveForm form)
            throws IOException {
        write(new LocalStorage(folder), weights, tokenizerJson, form);
    }

    /** The same wherever the folder is. */
    public static void write(StoragePath folder, WeightSnapshot weights, Path tokenizerJson, SaveForm form)
            throws IOException {
        write(folder, weights, tokenizerJson, form, Collectives.ALONE);
    }

    /** The same by ranks: each writes what it serves. The files are the first rank's. */
    public static void write(
            StoragePath folder, WeightSnapshot weights, Path tokenizerJson, SaveForm form, Collectives ranks)
            throws IOException {
        new SafetensorsWriter(weights, form, ranks).writeFolder(folder);
        if (!ranks.isFirst()) return;
        try (OutputStream out = folder.child("config.json").write()) {
            JSON.writerWithDefaultPrettyPrinter()
                    .writeValue(out, ConfigJson.write(weights.config(), form.bfloat() ? "bfloat16" : "float32"));
        }
        if (tokenizerJson != null)
            for (String name :
                    TokenizerFiles.names(tokenizerJson.toAbsolutePath().getParent()))
                LocalCopy.copy(new LocalStorage(tokenizerJson.resolveSibling(name)), folder.child(name));
        ModelCard.write(folder, weights.config(), form, weights.version());
    }

    /** A vector of theta's size, e.g. an optimizer's moment, read as it is needed. */
    public static StoredVector openVector(Path file, PolicyConfig config) {
        return open(file, SafetensorsHeader.read(file), config);
    }

    /** Fills a vector with a file of its tensors: adapters, or a moment of theirs. */
    static void readVector(Path file, WeightSnapshot into) {
        Map<String, StoredTensor> stored = SafetensorsHeader.read(file);
        Map<String, TensorRange> wanted = new LinkedHashMap<>();
        for (TensorRange range : into.tensors()) {
            StoredTensor tensor = stored.get(range.name());
            if (tensor == null) throw new BadInputException(file + ": tensor " + range.name() + " is missing");
            tensor.checkShape(range.shape());
            wanted.put(range.name(), range);
        }
        for (StoredTensor tensor : stored.values())
            if (!wanted.containsKey(tensor.name()))
                throw new BadInputException(tensor.what() + " belongs to none of the adapted matrices");
        fill(into, stored, wanted, 0);
    }

    /** Writes a vector under its tensors' names. */
    public static void writeVector(StoragePath file, VectorSource vector) throws IOException {
        writeVector(file, vector, Collectives.ALONE);
    }

    /** The same by ranks: each writes what it serves. */
    public static void writeVector(StoragePath file, VectorSource vector, Collectives ranks) throws IOException {
        new SafetensorsWriter(vector, SaveForm.exact(), ranks).writeFile(file, vector.tensors(), Map.of());
    }
}
