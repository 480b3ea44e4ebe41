package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import io.tramontane.model.RopeScaling.Linear;
import io.tramontane.model.RopeScaling.Llama3;
import io.tramontane.model.RopeScaling.LongRope;
import io.tramontane.model.RopeScaling.Yarn;
import io.tramontane.model.Variant.QueryScaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a Hugging Face config.json says of rotation: base, scaling, and Ministral 3's queries. */
final class RopeJson {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int MOST_FACTORS = 1 << 12;
    private static final String ORIGINAL = "original_max_position_embeddings";

    private final JsonFields config;
    private final JsonFields rope;

    /**
     * Finds the object by transformers 5's rule: of two objects an older {@code rope_scaling} that is not empty counts, and
     * what stands in the object counts before a field of the same name beside it.
     */
    RopeJson(JsonFields config) {
        this.config = config;
        this.rope = find(config);
    }

    private static JsonFields find(JsonFields config) {
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            if (!config.has(key) || config.object(key).json().isEmpty()) continue;
            JsonFields rope = config.object(key);
            for (Map.Entry<String, JsonNode> field : rope.json().properties())
                if (field.getValue().isObject() || field.getKey().endsWith("_attention"))
                    throw rope.bad(
                            field.getKey(), "is of one type of layers: not supported, allowed one set for all layers");
            if (rope.json().path("rope_theta").isNull()) throw rope.bad("rope_theta", "null, allowed a number above 0");
            return rope;
        }
        return new JsonFields(config.file(), "rope_parameters.", JSON.createObjectNode());
    }

    double base(double otherwise) {
        return rope.real("rope_theta", config.real("rope_theta", otherwise));
    }

    RopeScaling scaling() {
        JsonFields partial = rope.has("partial_rotary_factor") ? rope : config;
        if (partial.real("partial_rotary_factor", 1) != 1)
            throw partial.bad(
                    "partial_rotary_factor", partial.shown("partial_rotary_factor") + " is not supported, allowed 1");
        String key = rope.has("rope_type") ? "rope_type" : "type";
        return switch (rope.text(key, "default")) {
            case "default" -> RopeScaling.none();
            case "dynamic" -> RopeScaling.none(); // within max_position_embeddings it changes nothing
            case "linear" -> new Linear(rope.real("factor", 0));
            case "llama3" ->
                new Llama3(
                        rope.real("factor", 0),
                        rope.real("low_freq_factor", 0),
                        rope.real("high_freq_factor", 0),
                        originalPositions());
            case "yarn" -> yarn();
            case "longrope" -> longRope();
            default ->
                throw rope.bad(
                        key,
                        rope.shown(key)
                                + " is not supported, allowed default, dynamic, linear, llama3, yarn, longrope");
        };
    }

    /** A field beside the object counts first, as in transformers. */
    private int originalPositions() {
        int inside = rope.integer(ORIGINAL, config.integer("max_position_embeddings"));
        int original = config.integer(ORIGINAL, inside);
        if (original < 1) throw config.bad(ORIGINAL, original + ", allowed >= 1");
        return original;
    }

    /** Where it is not stated, how much longer the context has become. */
    private double factor() {
        return rope.real("factor", (double) config.integer("max_position_embeddings") / originalPositions());
    }

    private Yarn yarn() {
        if (!rope.json().has("factor")) throw rope.bad("factor", "is missing");
        double factor = factor();
        double one = rope.real("mscale", 0);
        double all = rope.real("mscale_all_dim", 0);
        double attention = one != 0 && all != 0
                ? Yarn.attentionFactor(factor, one) / Yarn.attentionFactor(factor, all)
                : Yarn.attentionFactor(factor, 1);
        return new Yarn(
                factor,
                rope.real("beta_fast", 32),
                rope.real("beta_slow", 1),
                originalPositions(),
                rope.real("attention_factor", attention),
                rope.flag("truncate", true));
    }

    private LongRope longRope() {
        double attention = LongRope.attentionFactor(factor(), originalPositions());
        return new LongRope(
                factors("short_factor"),
                factors("long_factor"),
                originalPositions(),
                rope.real("attention_factor", attention));
    }

    private List<Double> factors(String key) {
        JsonNode list = rope.json().path(key);
        if (!list.isArray() || list.size() > MOST_FACTORS)
            throw rope.bad(key, "is not a list of at most " + MOST_FACTORS + " numbers");
        List<Double> factors = new ArrayList<>();
        for (JsonNode factor : list) {
            if (!factor.isNumber()) throw rope.bad(key, rope.shown(key) + " is not a list of numbers");
            factors.add(factor.doubleValue());
        }
        return factors;
    }

    /** Ministral 3's: transformers does not load such a model without it. */
    QueryScaling queries() {
        if (!rope.has("llama_4_scaling_beta")) throw rope.bad("llama_4_scaling_beta", "is missing");
        return new QueryScaling(rope.real("llama_4_scaling_beta", 0), originalPositions());
    }

    /** The object that transformers reads; null where nothing is scaled. */
    static ObjectNode write(PolicyConfig config) {
        RopeScaling scaling = config.variant().rope();
        ObjectNode json = JSON.createObjectNode();
        if (scaling instanceof Llama3 llama && llama.scales()) write(json, llama);
        if (scaling instanceof Linear linear) json.put("rope_type", "linear").put("factor", linear.factor());
        if (scaling instanceof Yarn yarn) write(json, yarn);
        if (scaling instanceof LongRope longRope) write(json, longRope, config.positions());
        if (config.variant().architecture() == Architecture.MINISTRAL3)
            json.put("llama_4_scaling_beta", config.variant().queries().beta());
        return json.isEmpty() ? null : json;
    }

    private static void write(ObjectNode json, Llama3 rope) {
        json.put("rope_type", "llama3");
        json.put("factor", rope.factor());
        json.put("low_freq_factor", rope.low());
        json.put("high_freq_factor", rope.high());
        json.put(ORIGINAL, rope.originalPositions());
    }

    private static void write(ObjectNode json, Yarn rope) {
        json.put("rope_type", "yarn");
        json.put("factor", rope.factor());
        json.put("beta_fast", rope.fast());
        json.put("beta_slow", rope.slow());
        json.put(ORIGINAL, rope.originalPositions());
        json.put("attention_factor", rope.attentionFactor());
        if (!rope.whole()) json.put("truncate", false);
    }

    private static void write(ObjectNode json, LongRope rope, int positions) {
        json.put("rope_type", "longrope");
        json.put("factor", Math.max(1, (double) positions / rope.originalPositions()));
        rope.shortDivisors().forEach(json.putArray("short_factor")::add);
        rope.longDivisors().forEach(json.putArray("long_factor")::add);
        json.put(ORIGINAL, rope.originalPositions());
        json.put("attention_factor", rope.attentionFactor());
    }
}
