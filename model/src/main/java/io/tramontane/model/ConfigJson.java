package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.model.Variant.Experts;
import io.tramontane.model.Variant.QueryScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
        return TextPart.WHOLE.contains(className(json));
    }

    static PolicyConfig read(JsonFields whole) {
        Architecture architecture = architecture(whole);
        refuse(whole);
        JsonFields json = hasVision(whole) ? whole.object("text_config") : whole;
        refuse(json);
        try {
            int width = json.integer("hidden_size");
            int heads = mistral(architecture)
                    ? json.integer("num_attention_heads", 32)
                    : json.integer("num_attention_heads");
            if (heads < 1) throw json.bad("num_attention_heads", heads + ", allowed >= 1");
            List<Integer> ends = ends(json.has("eos_token_id") ? json : whole, architecture);
            RopeJson rope = new RopeJson(json);
            WindowJson window = WindowJson.read(json, architecture);
            return new PolicyConfig(
                    json.integer("num_hidden_layers"),
                    width,
                    heads,
                    keyValueHeads(json, architecture, heads),
                    headSize(json, architecture, width / heads),
                    json.integer("intermediate_size"),
                    json.integer("vocab_size"),
                    json.integer("max_position_embeddings"),
                    rope.base(ropeBase(architecture)),
                    json.real("rms_norm_eps", normEpsilon(architecture)),
                    tied(whole, json),
                    ends.get(0),
                    new Variant(
                            architecture,
                            window.keys(),
                            window.fullLayers(),
                            rope.scaling(),
                            architecture == Architecture.MINISTRAL3 ? rope.queries() : QueryScaling.none(),
                            experts(json, architecture),
                            ends.subList(1, ends.size())));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadInputException(json.file() + ": " + e.getMessage());
        }
    }

    private static Architecture architecture(JsonFields json) {
        String name = className(json);
        if (hasVision(json)) return textArchitecture(json.object("text_config"));
        for (Architecture architecture : Architecture.values())
            if (architecture.className().equals(name)) return architecture;
        throw json.bad(
                "architectures",
                json.shown("architectures") + " is not supported, allowed " + Architecture.allowed() + ", "
                        + String.join(", ", TextPart.WHOLE));
    }

    private static String className(JsonFields json) {
        return json.json().path("architectures").path(0).asText("");
    }

    private static Architecture textArchitecture(JsonFields text) {
        String type = text.text("model_type", Architecture.MISTRAL.modelType());
        for (Architecture architecture : TextPart.DECODERS)
            if (architecture.modelType().equals(type)) return architecture;
        throw text.bad(
                "model_type",
                text.shown("model_type") + " is not supported, allowed "
                        + TextPart.DECODERS.stream()
                                .map(Architecture::modelType)
                                .collect(Collectors.joining(", ")));
    }

    /** Whether transformers knows Mistral 7B's sizes where a config states none. */
    private static boolean mistral(Architecture architecture) {
        return switch (architecture) {
            case MISTRAL, MIXTRAL, MINISTRAL, MINISTRAL3 -> true;
            default -> false;
        };
    }

    /** transformers' default: a number for some architectures, which null switches off. */
    private static int headSize(JsonFields json, Architecture architecture, int otherwise) {
        boolean stated = json.json().has("head_dim");
        boolean number = architecture == Architecture.QWEN3 || architecture == Architecture.MINISTRAL3 && !stated;
        return json.integer("head_dim", number ? 128 : otherwise);
    }

    private static double ropeBase(Architecture architecture) {
        return architecture == Architecture.MIXTRAL ? 1e6 : 10000;
    }

    private static double normEpsilon(Architecture architecture) {
        return architecture == Architecture.MIXTRAL || architecture == Architecture.MINISTRAL3 ? 1e-5 : 1e-6;
    }

    /** A model with a vision tower may state it twice. In Pixtral's form the decoder's counts where the whole says no. */
    private static boolean tied(JsonFields whole, JsonFields decoder) {
        boolean inside = decoder.flag("tie_word_embeddings", false);
        boolean outside = whole.flag("tie_word_embeddings", inside);
        return outside || inside && className(whole).equals(TextPart.PIXTRAL);
    }

    /** Settings that change the arithmetic in a way that the program does not compute. */
    private static void refuse(JsonFields json) {
        json.only("hidden_act", "silu");
        json.only("attention_bias", "false");
        json.only("mlp_bias", "false");
        json.only("use_sliding_window", "false");
        Quantization.ofConfig(json);
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
                    case MISTRAL, MIXTRAL, MINISTRAL, MINISTRAL3 -> 8;
                    case QWEN2, QWEN3 -> 32;
                };
        return json.integer("num_key_value_heads", stated ? heads : otherwise);
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
        ObjectNode rope = RopeJson.write(config);
        if (rope != null) json.set("rope_scaling", rope);
        json.put("rms_norm_eps", config.normEpsilon());
        json.put("tie_word_embeddings", config.tiedHead());
        writeEnds(json, config);
        json.put("hidden_act", "silu");
        writeArchitectureFields(json, variant);
        WindowJson.write(json, config);
        json.put("torch_dtype", dtype);
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
            case MISTRAL, MINISTRAL, MINISTRAL3 -> {}
        }
    }
}
