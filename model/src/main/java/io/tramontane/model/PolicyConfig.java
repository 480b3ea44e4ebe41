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
 * @param variant how it differs from a plain Llama
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
        int endOfText,
        Variant variant)
        implements Serializable {

    /** Checks what the program needs. */
    public PolicyConfig {
        within("layers", layers, 1024);
        within("width", width, 1 << 18);
        within("heads", heads, 1 << 12);
        within("keyValueHeads", keyValueHeads, heads);
        within("headSize", headSize, 1 << 12);
        within("hidden", hidden, 1 << 20);
        within("vocabulary", vocabulary, 1 << 24);
        within("positions", positions, Integer.MAX_VALUE);
        if (!(ropeBase > 0 && ropeBase <= 1e15))
            throw new IllegalArgumentException("ropeBase " + ropeBase + ", allowed 0 to 1e15, not 0");
        if (!(normEpsilon >= 0 && normEpsilon <= 1))
            throw new IllegalArgumentException("normEpsilon " + normEpsilon + ", allowed 0 to 1");
        if (heads % keyValueHeads != 0)
            throw new IllegalArgumentException(
                    "heads " + heads + " must be a multiple of keyValueHeads " + keyValueHeads);
        if (headSize % 2 != 0) throw new IllegalArgumentException("headSize " + headSize + " must be even");
        variant.rope().checkFits(headSize, ropeBase);
        for (int layer : variant.fullLayers())
            if (layer < 0 || layer >= layers)
                throw new IllegalArgumentException("layer " + layer + " of " + layers + " has no window");
        if (endOfText < 0 || endOfText >= vocabulary)
            throw new IllegalArgumentException("endOfText " + endOfText + ", allowed 0 to " + (vocabulary - 1));
    }

    /** A plain Llama. */
    public PolicyConfig(
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
            int endOfText) {
        this(
                layers,
                width,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                vocabulary,
                positions,
                ropeBase,
                normEpsilon,
                tiedHead,
                endOfText,
                Variant.of(Architecture.LLAMA));
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most)
            throw new IllegalArgumentException(name + " " + value + ", allowed 1 to " + most);
    }

    /** The same sizes in another variant. */
    public PolicyConfig with(Variant other) {
        return new PolicyConfig(
                layers,
                width,
                heads,
                keyValueHeads,
                headSize,
                hidden,
                vocabulary,
                positions,
                ropeBase,
                normEpsilon,
                tiedHead,
                endOfText,
                other);
    }

    /** Every parameter in the order of theta; {@code shapes} in policy.py says the same. */
    public List<TensorRange> tensors() {
        List<TensorRange> ranges = new ArrayList<>();
        new TensorLayout(this).forEach(ranges::add);
        return ranges;
    }

    /** P, the number of elements of theta. */
    public long parameters() {
        return new TensorLayout(this).forEach(range -> {});
    }

    /** Bytes of one slot's KV cache in float32 for sequences of the given length. */
    public long cacheBytes(int length) {
        return 2L * layers * keyValueHeads * length * headSize * Float.BYTES;
    }
}
