package io.tramontane.model.gguf;

import io.tramontane.model.gguf.GgufTensor.Encoding;

/** Numbers in blocks to float32, and float32 to what {@link GgufWriter} stores. Little-endian. */
public final class Blocks {
    private static final int LENGTH = SmallBlocks.LENGTH;

    private Blocks() {}

    /**
     * Decodes whole blocks.
     *
     * @param from {@code count} blocks from its beginning on
     * @param into their numbers from its beginning on
     */
    public static void decode(Encoding encoding, byte[] from, int count, float[] into) {
        int bytes = encoding.blockBytes();
        if (encoding.blockLength() == SuperBlocks.LENGTH) {
            for (int i = 0; i < count; i++) SuperBlocks.decode(encoding, from, i * bytes, into, i * SuperBlocks.LENGTH);
        } else {
            for (int i = 0; i < count; i++) SmallBlocks.decode(encoding, from, i * bytes, into, i * LENGTH);
        }
    }

    /**
     * Encodes the first {@code count} numbers of {@code from}; for Q8_0 that is a multiple of 32. Half precision rounds to
     * nearest even.
     */
    static void encode(Encoding encoding, float[] from, int count, byte[] into) {
        switch (encoding) {
            case F32 -> {
                for (int i = 0; i < count; i++) {
                    int bits = Float.floatToRawIntBits(from[i]);
                    put(into, 4 * i, bits);
                    put(into, 4 * i + 2, bits >> 16);
                }
            }
            case F16 -> {
                for (int i = 0; i < count; i++) put(into, 2 * i, HalfFloat.of(from[i]));
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) put(into, 2 * i, bfloat(from[i]));
            }
            case Q8_0 -> {
                for (int i = 0; i < count; i += LENGTH) eight(from, i, into, i / LENGTH * encoding.blockBytes());
            }
            default -> throw new IllegalArgumentException(encoding + " is not written");
        }
    }

    private static void put(byte[] into, int at, int bits) {
        into[at] = (byte) bits;
        into[at + 1] = (byte) (bits >> 8);
    }

    /** The upper 16 bits of a number rounded to bfloat16, ties to even. */
    public static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return (short) (bits >> 16 | 0x40);
        return (short) (bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    /**
     * One block of Q8_0: d = max |x| / 127, then x / d rounded to nearest, halves away from 0. The numbers are divided by the
     * exact d, not by the half precision one that is stored, as ggml does.
     */
    private static void eight(float[] from, int at, byte[] into, int to) {
        int largest = 0; // magnitudes are ordered as their bits are
        for (int i = 0; i < LENGTH; i++)
            largest = Math.max(largest, Float.floatToRawIntBits(from[at + i]) & Integer.MAX_VALUE);
        float scale = Float.intBitsToFloat(largest) / 127;
        float inverse = 1 / scale;
        if (Float.isInfinite(inverse)) inverse = 0; // such a scale is stored as 0
        put(into, to, HalfFloat.of(scale));
        for (int i = 0; i < LENGTH; i++) {
            float x = from[at + i] * inverse;
            int whole = (int) x;
            into[to + 2 + i] = (byte) (whole + (int) (2 * (x - whole)));
        }
    }
}
