package io.tramontane.model;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hugging Face's tensor names in llama.cpp's words. All experts of a layer lie in one tensor there. */
final class GgufNames {
    /** Divisors of the rotary frequencies. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Pattern EXPERT = Pattern.compile("block_sparse_moe\\.experts\\.(\\d+)\\.(w[123])");
    private static final Map<String, String> OUTSIDE = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");
    private static final Map<String, String> INSIDE = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
            Map.entry("w1", "ffn_gate_exps"),
            Map.entry("w3", "ffn_up_exps"),
            Map.entry("w2", "ffn_down_exps"));

    private GgufNames() {}

    /** The tensor in which a parameter lies. */
    static String of(String name) {
        if (OUTSIDE.containsKey(name)) return OUTSIDE.get(name);
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) throw new IllegalArgumentException("no GGUF name for " + name);
        Matcher expert = EXPERT.matcher(layer.group(2));
        String inside = INSIDE.get(expert.matches() ? expert.group(2) : layer.group(2));
        return "blk." + layer.group(1) + "." + inside + "." + layer.group(3);
    }

    /** Which expert of that tensor, -1 when it is the whole tensor. */
    static int expert(String name) {
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) return -1;
        Matcher expert = EXPERT.matcher(layer.group(2));
        return expert.matches() ? Integer.parseInt(expert.group(1)) : -1;
    }
}
