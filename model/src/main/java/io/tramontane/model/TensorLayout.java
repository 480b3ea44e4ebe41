package io.tramontane.model;

import java.util.function.Consumer;

/**
 * The order of parameters in theta: what a {@link Block} reads lies in one piece. It is walked rather than listed where a checkpoint is checked: a hostile config.json
 * can state a million tensors, and the first that is missing ends the walk.
 */
final class TensorLayout {
    private final PolicyConfig config;
    private Consumer<TensorRange> taker;
    private long at;

    TensorLayout(PolicyConfig config) {
        this.config = config;
    }

    /** Hands over every parameter; returns the length of theta. */
    long forEach(Consumer<TensorRange> consumer) {
        taker = consumer;
        at = 0;
        add("model.embed_tokens.weight", config.vocabulary(), config.width());
        for (int layer = 0; layer < config.layers(); layer++) layer("model.layers." + layer + ".");
        add("model.norm.weight", config.width());
        if (!config.tiedHead()) add("lm_head.weight", config.vocabulary(), config.width());
        return at;
    }

    private void layer(String name) {
        attention(name);
        add(name + "post_attention_layernorm.weight", config.width());
        if (config.variant().experts().count() > 0) experts(name + "block_sparse_moe.");
        else dense(name + "mlp.");
    }

    private void attention(String name) {
        int width = config.width();
        long query = (long) config.heads() * config.headSize();
        long key = (long) config.keyValueHeads() * config.headSize();
        add(name + "input_layernorm.weight", width);
        add(name + "self_attn.q_proj.weight", query, width);
        add(name + "self_attn.k_proj.weight", key, width);
        add(name + "self_attn.v_proj.weight", key, width);
        if (config.variant().architecture().attentionBias()) {
            add(name + "self_attn.q_proj.bias", query);
            add(name + "self_attn.k_proj.bias", key);
            add(name + "self_attn.v_proj.bias", key);
        }
        if (config.variant().architecture().headNorm()) {
            add(name + "self_attn.q_norm.weight", config.headSize());
            add(name + "self_attn.k_norm.weight", config.headSize());
        }
        add(name + "self_attn.o_proj.weight", width, query);
    }

    private void dense(String name) {
        add(name + "gate_proj.weight", config.hidden(), config.width());
        add(name + "up_proj.weight", config.hidden(), config.width());
        add(name + "down_proj.weight", config.width(), config.hidden());
    }

    /** The router; then all gates and ups, so that the program sees one matrix of each kind. */
    private void experts(String name) {
        int count = config.variant().experts().count();
        add(name + "gate.weight", count, config.width());
        for (int e = 0; e < count; e++) {
            add(name + "experts." + e + ".w1.weight", config.hidden(), config.width());
            add(name + "experts." + e + ".w3.weight", config.hidden(), config.width());
        }
        for (int e = 0; e < count; e++) add(name + "experts." + e + ".w2.weight", config.width(), config.hidden());
    }

    private void add(String name, long... shape) {
        long length = 1;
        for (long side : shape) length = Math.multiplyExact(length, side);
        taker.accept(new TensorRange(name, shape, at, length));
        at = Math.addExact(at, length);
    }
}
