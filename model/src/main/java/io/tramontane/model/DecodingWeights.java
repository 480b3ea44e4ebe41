package io.tramontane.model;

import ai.djl.pytorch.jni.IValue;

/**
 * A generator's weights: as the snapshot has them and, where that is faster, once more with the matrices packed for
 * decoding. Sessions read them; new weights leave the sessions' keys and values as they are. One thread owns it. Native
 * memory: both copies, until {@link #close()}.
 */
public final class DecodingWeights implements AutoCloseable {
    /** Parameters from which on packed matrices are faster: below, a product is too small to gain what packing costs. */
    private static final long MIN_PARAMETERS = 8_000_000;

    /** Up to so many rows plain products reach the memory's bandwidth; one row alone has a layout of its own. */
    private static final int PLAIN_ROWS = 2;

    /** For more rows than these a plain product spends little time on the layout of the weights. */
    private static final int MAX_PACKED_PREFILL = 128;

    private final Policy policy;
    private final int slots;
    private final boolean packs;
    private IValue plain;
    private IValue packed;
    private int version;

    /**
     * Loads the weights.
     *
     * @param slots sequences that are decoded at the same time: matrices are packed for them
     */
    public DecodingWeights(WeightSnapshot weights, Numerics numerics, Dtype dtype, ComputeDevice device, int slots) {
        this.policy = Policy.reader(weights, numerics, dtype, device);
        this.slots = slots;
        this.packs = packs(weights.config(), numerics, dtype, slots) && !policy.half() && !policy.onGpu();
        boolean made = false;
        try {
            cut(weights.version());
            made = true;
        } finally {
            if (!made) close();
        }
    }

    /** Whether matrices are packed on a CPU: no such product exists on a GPU or in bfloat16. */
    public static boolean packs(PolicyConfig shape, Numerics numerics, Dtype dtype, int slots) {
        return numerics == Numerics.FAST
                && dtype != Dtype.BFLOAT16
                && slots != PLAIN_ROWS
                && shape.parameters() >= MIN_PARAMETERS;
    }

    /** Replaces the weights. */
    public void load(WeightSnapshot next) {
        policy.load(next);
        cut(next.version());
    }

    /** Cuts theta into the parameters and packs them. */
    private void cut(int newest) {
        version = newest;
        free();
        plain = policy.weights();
        if (packs) packed = policy.run("packed", Policy.tensor(policy.theta()), IValue.from((long) slots));
    }

    /** Version of the weights in use. */
    public int version() {
        return version;
    }

    /** The shape. */
    public PolicyConfig config() {
        return policy.config();
    }

    /** Sequences that are decoded at the same time. */
    public int slots() {
        return slots;
    }

    Policy policy() {
        return policy;
    }

    /** The parameters as they lie in theta. */
    IValue plain() {
        return plain;
    }

    /** The faster ones for a decoding step of so many slots. */
    IValue forDecode(int rows) {
        return packs && (slots == 1 || rows > PLAIN_ROWS) ? packed : plain;
    }

    /** The faster ones for a prefill pass of so many tokens. */
    IValue forPrefill(int tokens) {
        return packs && tokens <= MAX_PACKED_PREFILL ? packed : plain;
    }

    private void free() {
        if (plain != null) plain.close();
        if (packed != null) packed.close();
        plain = null;
        packed = null;
    }

    @Override
    public void close() {
        free();
        policy.close();
    }
}
