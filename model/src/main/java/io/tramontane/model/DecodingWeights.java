package io.tramontane.model;

import ai.djl.pytorch.jni.IValue;
import java.util.Optional;

/**
 * A generator's weights: as the snapshot has them, or in int8, and, where that is faster, once more with the matrices laid out
 * for decoding. Sessions read them; new weights leave the sessions' keys and values as they are. One thread owns it. Native
 * memory: all copies, until {@link #close()}.
 */
public final class DecodingWeights implements AutoCloseable {
    /** Parameters from which on packed matrices are faster: below, a product is too small to gain what packing costs. */
    private static final long MIN_PARAMETERS = 8_000_000;

    private final Policy policy;
    private final int slots;
    private final boolean int8;
    private final boolean exactBytes;
    private final LayoutChoice layouts;
    private IValue plain;
    private IValue packed;
    private int version;

    /**
     * Loads the weights.
     *
     * @param slots sequences that are decoded at the same time: matrices are packed for them
     */
    public DecodingWeights(WeightSnapshot weights, Numerics numerics, Dtype dtype, ComputeDevice device, int slots) {
        this(weights, numerics, dtype, device, slots, null);
    }

    /** In given layouts, instead of those that are chosen for this machine. */
    DecodingWeights(WeightSnapshot weights, Dtype dtype, LayoutChoice layouts) {
        this(weights, Numerics.FAST, dtype, ComputeDevice.CPU, layouts.slots(), layouts);
    }

    private DecodingWeights(
            WeightSnapshot weights,
            Numerics numerics,
            Dtype dtype,
            ComputeDevice device,
            int slots,
            LayoutChoice given) {
        if (dtype == Dtype.INT8 && device.gpu())
            throw new IllegalArgumentException("rollout.dtype int8 on a GPU, allowed float32 or bfloat16");
        this.policy = Policy.reader(weights, numerics, dtype, device);
        this.slots = slots;
        boolean made = false;
        try {
            this.int8 = dtype == Dtype.INT8;
            this.exactBytes = int8 && addsBytesExactly();
            this.layouts = given != null ? given : layouts(numerics);
            cut(weights.version());
            made = true;
        } finally {
            if (!made) close();
        }
    }

    /** Whether a CPU may hold packed matrices, too (of int8 only the head): which of them are faster is measured. */
    public static boolean packs(PolicyConfig shape, Numerics numerics) {
        return numerics == Numerics.FAST && shape.parameters() >= MIN_PARAMETERS;
    }

    private LayoutChoice layouts(Numerics numerics) {
        PolicyConfig shape = policy.config();
        if (policy.onGpu() || !packs(shape, numerics)) return LayoutChoice.plain(slots);
        try (IValue weights = policy.weights()) {
            Optional<LayoutTimes> times = LayoutFile.of(policy).timesOr(() -> LayoutBench.measure(policy, weights));
            // whether bfloat16 has blocks at all is not known without times
            if (policy.half() && times.isEmpty()) return LayoutChoice.plain(slots);
            return LayoutChoice.of(slots, times);
        }
    }

    private boolean addsBytesExactly() {
        try (IValue exact = policy.run("adds_bytes_exactly", Policy.tensor(policy.theta()))) {
            return exact.toBoolean();
        }
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
        plain = int8 ? rounded() : policy.weights();
        if (layouts.copy() != Layout.PLAIN)
            packed = policy.runWith(
                    plain, "packed", IValue.from(layouts.copy() == Layout.BLOCKS), IValue.from((long) slots));
    }

    private IValue rounded() {
        try (IValue numbers = policy.weights()) {
            return policy.runWith(numbers, "quantised", IValue.from(exactBytes), IValue.from((long) slots));
        }
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

    /** The parameters as they lie in theta, or their int8 numbers. */
    IValue plain() {
        return plain;
    }

    /** The faster ones for a call whose products have so many rows: live slots, or tokens of a prefill pass. */
    IValue forRows(int rows) {
        return layouts.takesCopy(rows) ? packed : plain;
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
