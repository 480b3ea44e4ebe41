package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mistral's tensor names in Hugging Face's words. What follows the last dot (weight, or a scale of it) stays. */
final class MistralNames {
    private static final Pattern LAYER = Pattern.compile("layers\\.(\\d{1,4})\\.(.+)\\.([a-z_]+)");
    private static final Pattern EXPERT =
            Pattern.compile("(?:feed_forward|block_sparse_moe)\\.experts\\.(\\d{1,3}\\.w[123])");
    private static final Pattern TOP = Pattern.compile("(tok_embeddings|norm|output)\\.([a-z_]+)");
    private static final Map<String, String> OUTSIDE =
            Map.of("tok_embeddings", "model.embed_tokens", "norm", "model.norm", "output", "lm_head");
    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("attention_norm", "input_layernorm"),
            Map.entry("attention.wq", "self_attn.q_proj"),
            Map.entry("attention.wk", "self_attn.k_proj"),
            Map.entry("attention.wv", "self_attn.v_proj"),
            Map.entry("attention.wo", "self_attn.o_proj"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("feed_forward.w1", "mlp.gate_proj"),
            Map.entry("feed_forward.w2", "mlp.down_proj"),
            Map.entry("feed_forward.w3", "mlp.up_proj"),
            Map.entry("feed_forward.gate", "block_sparse_moe.gate"),
            Map.entry("block_sparse_moe.gate", "block_sparse_moe.gate"));

    private MistralNames() {}

    /** The parameter that a tensor holds; scales of activations keep their name. */
    static String of(StoredTensor tensor) {
        String name = tensor.name();
        Matcher top = TOP.matcher(name);
        if (top.matches()) return OUTSIDE.get(top.group(1)) + "." + top.group(2);
        if (name.endsWith("qscale_act")) return name;
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            Matcher expert = EXPERT.matcher(layer.group(2));
            String inside =
                    expert.matches() ? "block_sparse_moe.experts." + expert.group(1) : INSIDE.get(layer.group(2));
            if (inside != null) return "model.layers." + layer.group(1) + "." + inside + "." + layer.group(3);
        }
        throw new BadInputException(tensor.what() + " does not belong to a decoder in Mistral's form");
    }
}
