package io.tramontane.model.gguf;

import io.tramontane.model.gguf.GgufTensor.Encoding;

/**
 * Blocks of 32 numbers, by the layouts of ggml. A block begins with its scale d in half precision; Q4_1 and Q5_1 have a
 * minimum m after it; Q5 then has 32 fifth bits, number i's at bit i. Four bits of numbers i and i + 16 share a byte, the
 * first in its lower half.
 * <pre>  Q8_0: d q    Q4_0: d (q - 8)    Q5_0: d (q - 16)    Q4_1, Q5_1: d q + m    IQ4_NL: d LEVELS[q]</pre>
 * Products and sums are rounded to float32 one after the other, as in the gguf package: the bits are the same.
 */
final class SmallBlocks {
    static final int LENGTH = 32;

    /** What the sixteen values of IQ4's four bits stand for. */
    static final float[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    private static final int HALF = LENGTH / 2;

    private SmallBlocks() {}

    /** One block from byte {@code at} on, into 32 numbers from {@code to} on. */
    static void decode(Encoding encoding, byte[] from, int at, float[] into, int to) {
        float scale = half(from, at);
        switch (encoding) {
            case Q8_0 -> {
                for (int i = 0; i < LENGTH; i++) into[to + i] = scale * from[at + 2 + i];
            }
            case Q4_0 -> four(from, at + 2, scale, 8, into, to);
            case Q4_1 -> four(from, at + 4, scale, half(from, at + 2), into, to);
            case Q5_0 -> five(from, at + 2, scale, 16, -0f, into, to); // adding -0 changes no bit
            case Q5_1 -> five(from, at + 4, scale, 0, half(from, at + 2), into, to);
            case IQ4_NL -> levels(from, at + 2, scale, into, to);
            default -> throw new IllegalArgumentException(encoding + " has no blocks of " + LENGTH);
        }
    }

    static float half(byte[] from, int at) {
        return HalfFloat.toFloat((short) (from[at] & 0xFF | from[at + 1] << 8));
    }

    private static void four(byte[] from, int at, float scale, int middle, float[] into, int to) {
        for (int i = 0; i < HALF; i++) {
            into[to + i] = scale * ((from[at + i] & 0xF) - middle);
            into[to + HALF + i] = scale * ((from[at + i] >> 4 & 0xF) - middle);
        }
    }

    private static void four(byte[] from, int at, float scale, float least, float[] into, int to) {
        for (int i = 0; i < HALF; i++) {
            into[to + i] = scale * (from[at + i] & 0xF) + least;
            into[to + HALF + i] = scale * (from[at + i] >> 4 & 0xF) + least;
        }
    }

    private static void five(byte[] from, int at, float scale, int middle, float least, float[] into, int to) {
        int high = from[at] & 0xFF | (from[at + 1] & 0xFF) << 8 | (from[at + 2] & 0xFF) << 16 | from[at + 3] << 24;
        for (int i = 0; i < HALF; i++) {
            int both = from[at + 4 + i];
            into[to + i] = scale * ((both & 0xF | (high >> i & 1) << 4) - middle) + least;
            into[to + HALF + i] = scale * ((both >> 4 & 0xF | (high >> HALF + i & 1) << 4) - middle) + least;
        }
    }

    /** Sixteen bytes of IQ4's numbers. */
    static void levels(byte[] from, int at, float scale, float[] into, int to) {
        for (int i = 0; i < HALF; i++) {
            into[to + i] = scale * LEVELS[from[at + i] & 0xF];
            into[to + HALF + i] = scale * LEVELS[from[at + i] >> 4 & 0xF];
        }
    }
}
