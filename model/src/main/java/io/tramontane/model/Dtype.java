package io.tramontane.model;

import java.util.Locale;

/** Number format of a generator's weights, keys and values, and of a trainer's products: its weights are always float32. */
public enum Dtype {
    /** {@link #BFLOAT16} where the device is a GPU, {@link #FLOAT32} on a CPU and for batch-invariant numerics. */
    AUTO,
    /** Four bytes. */
    FLOAT32,
    /** Two bytes. The head, norms, rotation, and what the layers add up stay float32. */
    BFLOAT16,
    /**
     * A generator's matrices in one byte a number and a float32 scale a row; activations, keys, values, the embedding, the head
     * and norms stay float32. On a CPU.
     */
    INT8;

    /** Whether weights take two bytes on this device. */
    boolean half(boolean gpu, Numerics numerics) {
        return this == BFLOAT16 || this == AUTO && gpu && numerics == Numerics.FAST;
    }

    /** The same where it is one to train in: {@link #INT8} is refused. */
    public Dtype ofTraining() {
        if (this == INT8)
            throw new IllegalArgumentException("dtype int8, allowed float32, bfloat16: only a generator takes it");
        return this;
    }

    /** As in the config. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
