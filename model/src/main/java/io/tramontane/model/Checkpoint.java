package io.tramontane.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A policy on disk in Hugging Face form: {@code config.json}, {@code model.safetensors}, and the tokenizer's files beside
 * them. Llama architecture, float32.
 */
public final class Checkpoint {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARCHITECTURE = "LlamaForCausalLM";

    private Checkpoint() {}

    /** The shape that a folder's config.json states. */
    public static PolicyConfig config(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file))
            throw new BadInputException(folder + ": no config.json, so this is no model folder");
        JsonNode json;
        try {
            json = JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new BadInputException(file + ": not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
        String architecture = json.path("architectures").path(0).asText("");
        if (!architecture.equals(ARCHITECTURE))
            throw new BadInputException(
                    file + ": architecture '" + architecture + "' is not supported, allowed " + ARCHITECTURE);
        try {
            int width = integer(file, json, "hidden_size");
            int heads = integer(file, json, "num_attention_heads");
            return new PolicyConfig(
                    integer(file, json, "num_hidden_layers"),
                    width,
                    heads,
                    json.path("num_key_value_heads").asInt(heads),
                    json.path("head_dim").asInt(width / heads),
                    integer(file, json, "intermediate_size"),
                    integer(file, json, "vocab_size"),
                    integer(file, json, "max_position_embeddings"),
                    json.path("rope_theta").asDouble(10000),
                    json.path("rms_norm_eps").asDouble(1e-6),
                    json.path("tie_word_embeddings").asBoolean(false),
                    integer(file, json, "eos_token_id"));
        } catch (IllegalArgumentException e) {
            throw new BadInputException(file + ": " + e.getMessage());
        }
    }

    private static int integer(Path file, JsonNode json, String key) {
        JsonNode value = json.get(key);
        if (value == null || !value.canConvertToInt())
            throw new BadInputException(file + ": " + key + " is missing or not an integer");
        return value.asInt();
    }

    /** Reads all weights; a missing, extra or misshapen tensor is named. */
    public static WeightSnapshot read(Path folder, int version) {
        WeightSnapshot weights = new WeightSnapshot(config(folder), version);
        Safetensors.read(folder.resolve("model.safetensors"), weights);
        return weights;
    }

    /**
     * Writes a folder that {@link #read} and transformers understand. Not atomic: write beside, then rename.
     *
     * @param tokenizerJson copied into the folder together with a tokenizer_config.json beside it; may be null
     */
    public static void write(Path folder, WeightSnapshot weights, Path tokenizerJson) throws IOException {
        Files.createDirectories(folder);
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve("config.json").toFile(), json(weights.config()));
        Safetensors.write(folder.resolve("model.safetensors"), weights, Map.of("format", "pt"));
        if (tokenizerJson != null) {
            Set<String> names = new TreeSet<>(Set.of("tokenizer.json", "tokenizer_config.json"));
            for (String name : names) {
                Path from = tokenizerJson.resolveSibling(name);
                if (Files.exists(from)) Files.copy(from, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Reads a vector of theta's size, e.g. an optimizer's moment. */
    public static WeightSnapshot readVector(Path file, PolicyConfig config, int version) {
        WeightSnapshot vector = new WeightSnapshot(config, version);
        Safetensors.read(file, vector);
        return vector;
    }

    /** Writes a vector of theta's size under the weights' names. */
    public static void writeVector(Path file, WeightSnapshot vector) throws IOException {
        Safetensors.write(file, vector, Map.of());
    }

    private static ObjectNode json(PolicyConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(ARCHITECTURE);
        json.put("model_type", "llama");
        json.put("num_hidden_layers", config.layers());
        json.put("hidden_size", config.width());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headSize());
        json.put("intermediate_size", config.hidden());
        json.put("vocab_size", config.vocabulary());
        json.put("max_position_embeddings", config.positions());
        json.put("rope_theta", config.ropeBase());
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("tie_word_embeddings", config.tiedHead());
        json.put("eos_token_id", config.endOfText());
        json.put("hidden_act", "silu");
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put("torch_dtype", "float32");
        return json;
    }
}
