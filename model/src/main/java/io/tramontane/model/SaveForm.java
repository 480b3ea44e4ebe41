package io.tramontane.model;

import io.tramontane.model.gguf.GgufTensor.Encoding;

/**
 * How a checkpoint is written.
 *
 * @param bfloat BF16, half the size and rounded; otherwise F32, bit for bit
 * @param shardBytes largest file; a model beyond it is cut into several with an index
 */
public record SaveForm(boolean bfloat, long shardBytes) {
    private static final long SHARD = 5_000_000_000L; // what transformers took for years

    /** Checks ranges. */
    public SaveForm {
        if (shardBytes < 1) throw new IllegalArgumentException("shardBytes " + shardBytes + ", allowed >= 1");
    }

    /** F32, files of up to 5 GB. */
    public static SaveForm exact() {
        return new SaveForm(false, SHARD);
    }

    /** BF16, files of up to 5 GB. */
    public static SaveForm half() {
        return new SaveForm(true, SHARD);
    }

    Encoding encoding() {
        return bfloat ? Encoding.BF16 : Encoding.F32;
    }

    int numberBytes() {
        return encoding().blockBytes();
    }
}
