package io.tramontane.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The decoder architectures that the program computes. One program serves all: they differ by a bias of query, key and
 * value, by a norm of query and key, by window and experts ({@link Variant}).
 */
public enum Architecture {
    /** Llama 2 and 3, SmolLM2. */
    LLAMA("LlamaForCausalLM", "llama"),
    /** Mistral 7B and Small: a window over the keys in the older ones. */
    MISTRAL("MistralForCausalLM", "mistral"),
    /** Qwen2 and Qwen2.5: query, key and value have a bias. */
    QWEN2("Qwen2ForCausalLM", "qwen2"),
    /** Qwen3: every head of query and key is normalised before its rotation. */
    QWEN3("Qwen3ForCausalLM", "qwen3"),
    /** Mixtral: sparse experts in place of the feed-forward block. */
    MIXTRAL("MixtralForCausalLM", "mixtral"),
    /** Ministral 8B: a Mistral of which some layers have a window and others none. */
    MINISTRAL("MinistralForCausalLM", "ministral"),
    /** Ministral 3, Devstral 2: a Mistral with YaRN whose queries grow with their position. */
    MINISTRAL3("Ministral3ForCausalLM", "ministral3");

    private final String className;
    private final String modelType;

    Architecture(String className, String modelType) {
        this.className = className;
        this.modelType = modelType;
    }

    /** Hugging Face's name in {@code architectures}. */
    public String className() {
        return className;
    }

    /** Hugging Face's {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** Whether query, key and value have a bias. */
    public boolean attentionBias() {
        return this == QWEN2;
    }

    /** Whether the heads of query and key are normalised. */
    public boolean headNorm() {
        return this == QWEN3;
    }

    /** All class names, for error messages. */
    static String allowed() {
        return Arrays.stream(values()).map(Architecture::className).collect(Collectors.joining(", "));
    }
}
