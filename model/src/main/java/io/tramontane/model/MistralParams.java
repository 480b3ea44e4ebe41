package io.tramontane.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.model.RopeScaling.Yarn;
import io.tramontane.model.Variant.Experts;
import io.tramontane.model.Variant.QueryScaling;
import java.util.ArrayList;
import java.util.List;

/**
 * Mistral's own params.json and {@link PolicyConfig}. What a file leaves out has the value that vLLM's loader of such folders
 * gives it: 128,000 positions, a head of its own, no window.
 */
final class MistralParams {
    private static final int POSITIONS = 128_000;

    /** The token {@code </s>} of all of Mistral's tokenizers. */
    private static final int END = 2;

    private final JsonFields json;

    private MistralParams(JsonFields json) {
        this.json = json;
    }

    static PolicyConfig read(JsonFields json) {
        try {
            return new MistralParams(json).config();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new BadInputException(json.file() + ": " + e.getMessage());
        }
    }

    private PolicyConfig config() {
        refuse();
        int width = json.integer("dim");
        int heads = json.integer("n_heads");
        if (heads < 1) throw json.bad("n_heads", heads + ", allowed >= 1");
        int layers = json.integer("n_layers");
        return new PolicyConfig(
                layers,
                width,
                heads,
                json.integer("n_kv_heads", heads),
                json.integer("head_dim", width / heads),
                json.integer("hidden_dim"),
                json.integer("vocab_size"),
                json.integer("max_position_embeddings", json.integer("max_seq_len", POSITIONS)),
                json.real("rope_theta", json.has("yarn") ? 1e6 : 10000),
                epsilon(),
                json.flag("tied_embeddings", false),
                END,
                variant(layers));
    }

    private double epsilon() {
        if (!json.has("norm_eps")) throw json.bad("norm_eps", "is missing");
        return json.real("norm_eps", 0);
    }

    /** What changes the arithmetic in a way that the program does not compute. */
    private void refuse() {
        String type = json.text("model_type", "transformer");
        if (type.equals("mamba"))
            throw json.bad("model_type", "\"mamba\" is not supported: a Mamba2 has no attention, allowed transformer");
        json.only("model_type", "transformer");
        if (json.has("qk_nope_head_dim") || json.has("kv_lora_rank"))
            throw json.bad(
                    json.has("kv_lora_rank") ? "kv_lora_rank" : "qk_nope_head_dim",
                    "is not supported: latent attention (Mistral Large 3, Small 4), allowed none");
        if (json.has("multimodal") && json.object("multimodal").has("whisper_model_args"))
            throw json.bad("multimodal.whisper_model_args", "is not supported: a Voxtral hears, allowed text models");
        json.only("activation", "silu");
        json.only("causal", "true");
        json.only("use_biases", "false");
        Quantization.ofParams(json);
    }

    private Variant variant(int layers) {
        Experts experts = experts();
        List<Integer> windows = windows(layers);
        QueryScaling queries = queries();
        Variant plain = new Variant(architecture(experts, windows, queries), 0, rope(), experts, List.of());
        int window = windows.stream().mapToInt(Integer::intValue).max().orElse(0);
        List<Integer> full = new ArrayList<>();
        for (int layer = 0; layer < windows.size(); layer++)
            if (windows.get(layer) == 0) full.add(layer);
            else if (windows.get(layer) != window)
                throw json.bad("sliding_window", json.shown("sliding_window") + " has two sizes, allowed one");
        return plain.withWindow(window, window == 0 ? List.of() : full).withQueries(queries);
    }

    /** What the model is called in Hugging Face's form, which is the one that is written. */
    private Architecture architecture(Experts experts, List<Integer> windows, QueryScaling queries) {
        boolean mixed = windows.contains(0) && windows.stream().anyMatch(keys -> keys > 0);
        if (queries.beta() > 0 && (mixed || experts.count() > 0))
            throw json.bad("llama_4_scaling", "together with experts or windows in some layers is not supported");
        if (mixed && experts.count() > 0)
            throw json.bad("sliding_window", "in some layers of a model with experts is not supported");
        if (queries.beta() > 0) return Architecture.MINISTRAL3;
        if (experts.count() > 0) return Architecture.MIXTRAL;
        return mixed ? Architecture.MINISTRAL : Architecture.MISTRAL;
    }

    private Experts experts() {
        if (!json.has("moe")) return Experts.none();
        JsonFields moe = json.object("moe");
        for (String key : List.of("num_shared_experts", "first_k_dense_replace"))
            if (moe.integer(key, 0) > 0) throw moe.bad(key, moe.shown(key) + " is not supported, allowed 0");
        if (moe.integer("route_every_n", 1) != 1)
            throw moe.bad("route_every_n", moe.shown("route_every_n") + " is not supported, allowed 1");
        return new Experts(moe.integer("num_experts"), moe.integer("num_experts_per_tok"));
    }

    /** The window of every layer, 0 for none: a number for all, or a period of numbers and nulls. */
    private List<Integer> windows(int layers) {
        String key = json.has("sliding_window") ? "sliding_window" : "_sliding_window";
        JsonNode value = json.json().path(key);
        if (!value.isArray()) {
            if (value.isTextual() && value.textValue().matches("[0-9]{1,9}"))
                return List.of(Integer.parseInt(value.textValue()));
            return List.of(json.integer(key, 0));
        }
        if (value.isEmpty() || value.size() > layers || layers % value.size() != 0)
            throw json.bad(key, json.shown(key) + " is no period of " + layers + " layers");
        List<Integer> windows = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            JsonNode window = value.get(layer % value.size());
            if (!window.isNull() && (!window.canConvertToInt() || !window.isIntegralNumber() || window.intValue() < 1))
                throw json.bad(key, json.shown(key) + " is not a list of numbers >= 1 and nulls");
            windows.add(window.isNull() ? 0 : window.intValue());
        }
        return windows;
    }

    /** {@code apply_scale} false, as in Ministral 3, leaves the scores' size alone. */
    private RopeScaling rope() {
        if (!json.has("yarn")) return RopeScaling.none();
        JsonFields yarn = json.object("yarn");
        double factor = yarn.real("factor", 0);
        return new Yarn(
                factor,
                yarn.real("beta", 32),
                yarn.real("alpha", 1),
                yarn.integer("original_max_position_embeddings"),
                yarn.flag("apply_scale", true) ? Yarn.attentionFactor(factor, 1) : 1,
                true);
    }

    /** Hugging Face's form has one number for the original context of both. */
    private QueryScaling queries() {
        if (!json.has("llama_4_scaling")) return QueryScaling.none();
        JsonFields scaling = json.object("llama_4_scaling");
        String key = "original_max_position_embeddings";
        QueryScaling queries = new QueryScaling(scaling.real("beta", 0), scaling.integer(key));
        if (!scaling.has("beta")) throw scaling.bad("beta", "is missing");
        if (queries.beta() == 0) return QueryScaling.none();
        if (!json.has("yarn")) throw json.bad("yarn", "is missing, and llama_4_scaling is there");
        if (json.object("yarn").integer(key) != queries.positions())
            throw scaling.bad(
                    key,
                    queries.positions() + ", expected that of yarn, "
                            + json.object("yarn").integer(key));
        return queries;
    }
}
