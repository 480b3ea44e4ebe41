package io.tramontane.model;

import io.tramontane.model.gguf.GgufWriter;

/** A policy's shape as the metadata of a GGUF file, by the names and defaults of llama.cpp's own converter. */
record GgufMetadata(PolicyConfig config, GgufForm form) {
    /** What a plain Llama with these extras is called there: Mistral and Mixtral have no family of their own. */
    static String family(Architecture architecture) {
        return switch (architecture) {
            case LLAMA, MISTRAL, MIXTRAL, MINISTRAL -> "llama";
            case MINISTRAL3 -> "mistral3";
            case QWEN2 -> "qwen2";
            case QWEN3 -> "qwen3";
        };
    }

    /** Whether a family's rows of query and key are stored with the rotated pairs side by side. */
    static boolean interleaved(String family) {
        return family.equals("llama") || family.equals("mistral3");
    }

    void write(GgufWriter out, String name) {
        Variant variant = config.variant();
        String family = family(variant.architecture());
        out.text("general.architecture", family);
        out.text("general.type", "model");
        out.text("general.name", name);
        out.number("general.quantization_version", 2);
        out.number("general.file_type", form.fileType());
        out.number(family + ".block_count", config.layers());
        out.number(family + ".context_length", config.positions());
        out.number(family + ".embedding_length", config.width());
        out.number(family + ".feed_forward_length", config.hidden());
        out.number(family + ".vocab_size", config.vocabulary());
        out.number(family + ".attention.head_count", config.heads());
        out.number(family + ".attention.head_count_kv", config.keyValueHeads());
        out.number(family + ".attention.key_length", config.headSize());
        out.number(family + ".attention.value_length", config.headSize());
        out.real(family + ".attention.layer_norm_rms_epsilon", config.normEpsilon());
        out.number(family + ".rope.dimension_count", config.headSize());
        out.real(family + ".rope.freq_base", config.ropeBase());
        new GgufRope(config).write(out);
        if (variant.window() > 0) out.number(family + ".attention.sliding_window", variant.window());
        if (variant.experts().count() > 0) {
            out.number(family + ".expert_count", variant.experts().count());
            out.number(family + ".expert_used_count", variant.experts().active());
        }
    }
}
