package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Variant.Experts;
import io.tramontane.model.Variant.RopeScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Hugging Face's config.json and {@link PolicyConfig}. Reads the spelling of transformers 4 ({@code rope_theta},
 * {@code rope_scaling}) and 5 ({@code rope_parameters}); writes the older one, which both read. A field that is absent
 * has the value that transformers gives it for that architecture. For a model with a vision tower, {@code text_config} is
 * read.
 */
final class ConfigJson {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /** Default eos_token_id of transformers' configs, except Qwen's. */
    private static final int DEFAULT_END = 2;

    private ConfigJson() {}

    /** True for a model of which only the text part is read. */
    static boolean hasVision(JsonFields json) {
        return className(json).equals(TextPart.WHOLE);
    }

    static PolicyConfig read(JsonFields whole) {
        Architecture architecture = architecture(whole);
        refuse(whole);
        JsonFields json = hasVision(whole) ? whole.object("text_config") : whole;
        refuse(json);
        try {
            int width = json.integer("hidden_size");
            int heads = json.integer("num_attention_heads");
            if (heads < 1) throw json.bad("num_attention_heads", heads + ", allowed >= 1");
            List<Integer> ends = ends(json.has("eos_token_id") ? json : whole, architecture);
            return new PolicyConfig(
                    json.integer("num_hidden_layers"),
                    width,
                    heads,
                    keyValueHeads(json, architecture, heads),
                    json.integer("head_dim", architecture == Architecture.QWEN3 ? 128 : width / heads),
                    json.integer("intermediate_size"),
                    json.integer("vocab_size"),
                    json.integer("max_position_embeddings"),
                    ropeBase(json, architecture),
                    json.real("rms_norm_eps", architecture == Architecture.MIXTRAL ? 1e-5 : 1e-6),
                    whole.flag("tie_word_embeddings", json.flag("tie_word_embeddings", false)),
                    ends.get(0),
                    new Variant(
                            architecture,
                            window(json, architecture),
                            scaling(json),
                            experts(json, architecture),
                            ends.subList(1, ends.size())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadInputException(json.file() + ": " + e.getMessage());
        }
    }

    private static Architecture architecture(JsonFields json) {
        String name = className(json);
        if (name.equals(TextPart.WHOLE)) return textArchitecture(json.object("text_config"));
        for (Architecture architecture : Architecture.values())
            if (architecture.className().equals(name)) return architecture;
        throw json.bad(
                "architectures",
                json.shown("architectures") + " is not supported, allowed " + Architecture.allowed() + ", "
                        + TextPart.WHOLE);
    }

    private static String className(JsonFields json) {
        return json.json().path("architectures").path(0).asText("");
    }

    private static Architecture textArchitecture(JsonFields text) {
        text.only("model_type", Architecture.MISTRAL.modelType());
        return Architecture.MISTRAL;
    }

    /** Settings that change the arithmetic in a way that the program does not compute. */
    private static void refuse(JsonFields json) {
        json.only("hidden_act", "silu");
        json.only("attention_bias", "false");
        json.only("mlp_bias", "false");
        json.only("use_sliding_window", "false");
        if (json.has("quantization_config"))
            throw json.bad(
                    "quantization_config", json.shown("quantization_config") + " is not supported, allowed none");
        for (JsonNode type : json.json().path("layer_types"))
            if (!type.asText().equals("full_attention"))
                throw json.bad("layer_types", type + " is not supported, allowed full_attention in all layers");
    }

    /** eos_token_id is a number or a list of numbers; the first is the one that training ends completions with. */
    private static List<Integer> ends(JsonFields json, Architecture architecture) {
        boolean qwen = architecture == Architecture.QWEN2 || architecture == Architecture.QWEN3;
        if (!json.has("eos_token_id") && !qwen) return List.of(DEFAULT_END);
        JsonNode value = json.json().path("eos_token_id");
        List<Integer> ends = new ArrayList<>();
        for (JsonNode end : value.isArray() ? value : JSON.createArrayNode().add(value)) {
            if (!end.isIntegralNumber() || !end.canConvertToInt())
                throw json.bad("eos_token_id", json.shown("eos_token_id") + " is missing or not an integer");
            ends.add(end.intValue());
        }
        if (ends.isEmpty()) throw json.bad("eos_token_id", "is an empty list");
        return ends;
    }

    /** transformers' default: a number for each architecture; as many as query heads for Llama and for null. */
    private static int keyValueHeads(JsonFields json, Architecture architecture, int heads) {
        boolean stated = json.json().has("num_key_value_heads");
        int otherwise =
                switch (architecture) {
                    case LLAMA -> heads;
                    case MISTRAL, MIXTRAL -> 8;
                    case QWEN2, QWEN3 -> 32;
                };
        return json.integer("num_key_value_heads", stated ? heads : otherwise);
    }

    /**
     * What a config says of rotation, by transformers 5's rule: of two objects an older {@code rope_scaling} that is not
     * empty counts, and what stands in the object counts before a field of the same name beside it.
     */
    private static JsonFields rope(JsonFields json) {
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            if (!json.has(key) || json.object(key).json().isEmpty()) continue;
            JsonFields rope = json.object(key);
            for (Map.Entry<String, JsonNode> field : rope.json().properties())
                if (field.getValue().isObject() || field.getKey().endsWith("_attention"))
                    throw rope.bad(
                            field.getKey(), "is of one type of layers: not supported, allowed one set for all layers");
            if (rope.json().path("rope_theta").isNull()) throw rope.bad("rope_theta", "null, allowed a number above 0");
            return rope;
        }
        return new JsonFields(json.file(), "rope_parameters.", JSON.createObjectNode());
    }

    private static double ropeBase(JsonFields json, Architecture architecture) {
        double otherwise = architecture == Architecture.MIXTRAL ? 1e6 : 10000;
        return rope(json).real("rope_theta", json.real("rope_theta", otherwise));
    }

    private static RopeScaling scaling(JsonFields json) {
        JsonFields rope = rope(json);
        JsonFields partial = rope.has("partial_rotary_factor") ? rope : json;
        if (partial.real("partial_rotary_factor", 1) != 1)
            throw partial.bad(
                    "partial_rotary_factor", partial.shown("partial_rotary_factor") + " is not supported, allowed 1");
        String key = rope.has("rope_type") ? "rope_type" : "type";
        String type = rope.text(key, "default");
        if (type.equals("default")) return RopeScaling.none();
        if (!type.equals("llama3")) throw rope.bad(key, rope.shown(key) + " is not supported, allowed default, llama3");
        return new RopeScaling(
                rope.real("factor", 0),
                rope.real("low_freq_factor", 0),
                rope.real("high_freq_factor", 0),
                rope.integer("original_max_position_embeddings", json.integer("max_position_embeddings")));
    }

    private static int window(JsonFields json, Architecture architecture) {
        boolean stated = json.json().has("sliding_window");
        return switch (architecture) {
            case MISTRAL -> json.integer("sliding_window", stated ? 0 : 4096);
            case MIXTRAL -> json.integer("sliding_window", 0);
            default -> 0; // Qwen states a window and switches it off with use_sliding_window
        };
    }

    private static Experts experts(JsonFields json, Architecture architecture) {
        if (architecture != Architecture.MIXTRAL) return Experts.none();
        return new Experts(json.integer("num_local_experts", 8), json.integer("num_experts_per_tok", 2));
    }

    /** What transformers loads; {@code dtype} is the form of the tensors beside it. */
    static ObjectNode write(PolicyConfig config, String dtype) {
        Variant variant = config.variant();
        ObjectNode json = JSON.createObjectNode();
        json.putArray("architectures").add(variant.architecture().className());
        json.put("model_type", variant.architecture().modelType());
        json.put("num_hidden_layers", config.layers());
        json.put("hidden_size", config.width());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.keyValueHeads());
        json.put("head_dim", config.headSize());
        json.put("intermediate_size", config.hidden());
        json.put("vocab_size", config.vocabulary());
        json.put("max_position_embeddings", config.positions());
        json.put("rope_theta", config.ropeBase());
        if (variant.rope().scales()) json.set("rope_scaling", write(variant.rope()));
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("tie_word_embeddings", config.tiedHead());
        writeEnds(json, config);
        json.put("hidden_act", "silu");
        writeArchitectureFields(json, variant);
        json.put("torch_dtype", dtype);
        return json;
    }

    private static ObjectNode write(RopeScaling rope) {
        ObjectNode json = JSON.createObjectNode();
        json.put("rope_type", "llama3");
        json.put("factor", rope.factor());
        json.put("low_freq_factor", rope.low());
        json.put("high_freq_factor", rope.high());
        json.put("original_max_position_embeddings", rope.originalPositions());
        return json;
    }

    private static void writeEnds(ObjectNode json, PolicyConfig config) {
        if (config.variant().otherEnds().isEmpty()) {
            json.put("eos_token_id", config.endOfText());
            return;
        }
        ArrayNode ends = json.putArray("eos_token_id").add(config.endOfText());
        config.variant().otherEnds().forEach(ends::add);
    }

    private static void writeArchitectureFields(ObjectNode json, Variant variant) {
        switch (variant.architecture()) {
            case LLAMA -> json.put("attention_bias", false).put("mlp_bias", false);
            case QWEN2 -> json.put("use_sliding_window", false);
            case QWEN3 -> json.put("attention_bias", false).put("use_sliding_window", false);
            case MIXTRAL ->
                json.put("num_local_experts", variant.experts().count())
                        .put("num_experts_per_tok", variant.experts().active());
            case MISTRAL -> {}
        }
        if (variant.architecture() == Architecture.MISTRAL || variant.architecture() == Architecture.MIXTRAL)
            json.put("sliding_window", variant.window() == 0 ? null : (Integer) variant.window());
    }
}
