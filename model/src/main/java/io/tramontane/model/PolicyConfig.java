package io.tramontane.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a Llama-family decoder, and with it the order of its parameters in theta.
 *
 * @param layers L
 * @param width W, hidden_size
 * @param heads Hq, query heads
 * @param keyValueHeads Hk, divides heads
 * @param headSize D, even; need not be width / heads
 * @param hidden I, intermediate_size
 * @param vocabulary V
 * @param positions longest sequence in tokens
 * @param ropeBase base of the rotary frequencies, rope_theta
 * @param normEpsilon rms_norm_eps
 * @param tiedHead the head is the embedding
 * @param endOfText token that ends a completion
 */
public record PolicyConfig(
        int layers,
        int width,
        int heads,
        int keyValueHeads,
        int headSize,
        int hidden,
        int vocabulary,
        int positions,
        double ropeBase,
        double normEpsilon,
        boolean tiedHead,
        int endOfText)
        implements Serializable {

    /** Checks what the program needs. */
    public PolicyConfig {
        positive("layers", layers);
        positive("width", width);
        positive("heads", heads);
        positive("keyValueHeads", keyValueHeads);
        positive("headSize", headSize);
        positive("hidden", hidden);
        positive("vocabulary", vocabulary);
        positive("positions", positions);
        if (heads % keyValueHeads != 0)
            throw new IllegalArgumentException(
                    "heads " + heads + " must be a multiple of keyValueHeads " + keyValueHeads);
        if (headSize % 2 != 0) throw new IllegalArgumentException("headSize " + headSize + " must be even");
        if (endOfText < 0 || endOfText >= vocabulary)
            throw new IllegalArgumentException("endOfText " + endOfText + ", allowed 0 to " + (vocabulary - 1));
    }

    private static void positive(String name, int value) {
        if (value < 1) throw new IllegalArgumentException(name + " " + value + ", allowed >= 1");
    }

    /** Every parameter in the order of theta; {@code views} in policy.py cuts in the same order. */
    public List<TensorRange> tensors() {
        List<TensorRange> ranges = new ArrayList<>();
        add(ranges, "model.embed_tokens.weight", vocabulary, width);
        for (int layer = 0; layer < layers; layer++) {
            String at = "model.layers." + layer + ".";
            add(ranges, at + "input_layernorm.weight", width);
            add(ranges, at + "self_attn.q_proj.weight", (long) heads * headSize, width);
            add(ranges, at + "self_attn.k_proj.weight", (long) keyValueHeads * headSize, width);
            add(ranges, at + "self_attn.v_proj.weight", (long) keyValueHeads * headSize, width);
            add(ranges, at + "self_attn.o_proj.weight", width, (long) heads * headSize);
            add(ranges, at + "post_attention_layernorm.weight", width);
            add(ranges, at + "mlp.gate_proj.weight", hidden, width);
            add(ranges, at + "mlp.up_proj.weight", hidden, width);
            add(ranges, at + "mlp.down_proj.weight", width, hidden);
        }
        add(ranges, "model.norm.weight", width);
        if (!tiedHead) add(ranges, "lm_head.weight", vocabulary, width);
        return ranges;
    }

    private static void add(List<TensorRange> ranges, String name, long... shape) {
        long offset = 0;
        if (!ranges.isEmpty()) {
            TensorRange last = ranges.get(ranges.size() - 1);
            offset = last.offset() + last.length();
        }
        long length = 1;
        for (long side : shape) length = Math.multiplyExact(length, side);
        ranges.add(new TensorRange(name, shape, offset, length));
    }

    /** P, the number of elements of theta. */
    public long parameters() {
        List<TensorRange> ranges = tensors();
        TensorRange last = ranges.get(ranges.size() - 1);
        return last.offset() + last.length();
    }

    /** Bytes of one slot's KV cache in float32 for sequences of the given length. */
    public long cacheBytes(int length) {
        return 2L * layers * keyValueHeads * length * headSize * Float.BYTES;
    }
}
