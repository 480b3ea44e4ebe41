package io.tramontane.model.gguf;

import static io.tramontane.model.gguf.SmallBlocks.half;

import io.tramontane.model.gguf.GgufTensor.Encoding;

/**
 * Blocks of 256 numbers in groups of 16 or 32, by the layouts of ggml ("K-quants" and IQ4_XS). d is the block's scale in
 * half precision, least the one of its minima, s and m a group's scale and minimum as small integers:
 * <pre>
 *   Q2_K, Q4_K, Q5_K: (d s) q - (least m)        q of 2, 4, 5 bits
 *   Q3_K: (d s) (q - 4)     Q6_K: (d s) (q - 32)     IQ4_XS: (d s) LEVELS[q]
 * </pre>
 * Every product is rounded to float32 before the next operation, as in the gguf package: the bits are the same.
 */
final class SuperBlocks {
    static final int LENGTH = 256;

    private SuperBlocks() {}

    /** One block from byte {@code at} on, into 256 numbers from {@code to} on. */
    static void decode(Encoding encoding, byte[] from, int at, float[] into, int to) {
        switch (encoding) {
            case Q2_K -> two(from, at, into, to);
            case Q3_K -> three(from, at, into, to);
            case Q4_K -> four(from, at, into, to);
            case Q5_K -> five(from, at, into, to);
            case Q6_K -> six(from, at, into, to);
            case IQ4_XS -> levels(from, at, into, to);
            default -> throw new IllegalArgumentException(encoding + " has no blocks of " + LENGTH);
        }
    }

    /** 16 bytes of s (low) and m (high), 64 bytes of four numbers each, d, least. A group is 16 numbers. */
    private static void two(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at + 80);
        float leastScale = half(from, at + 82);
        for (int group = 0; group < 16; group++) {
            float s = scale * (from[at + group] & 0xF);
            float least = leastScale * (from[at + group] >> 4 & 0xF);
            int quarters = at + 16 + group / 8 * 32 + group % 2 * 16;
            int shift = group % 8 / 2 * 2;
            for (int i = 0; i < 16; i++) into[to + group * 16 + i] = s * (from[quarters + i] >> shift & 3) - least;
        }
    }

    /** 32 bytes of third bits, which are set where 4 is not subtracted; 64 bytes of two bits; 12 of scales; d. */
    private static void three(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at + 108);
        int scales = at + 96;
        for (int group = 0; group < 16; group++) {
            int low = group < 8 ? from[scales + group] & 0xF : from[scales + group - 8] >> 4 & 0xF;
            int high = from[scales + 8 + group % 4] >> group / 4 * 2 & 3;
            float s = scale * ((low | high << 4) - 32);
            int third = at + group % 2 * 16;
            int quarters = at + 32 + group / 8 * 32 + group % 2 * 16;
            int bit = group / 2;
            int shift = group % 8 / 2 * 2;
            for (int i = 0; i < 16; i++) {
                int q = (from[quarters + i] >> shift & 3) + (from[third + i] >> bit & 1) * 4 - 4;
                into[to + group * 16 + i] = s * q;
            }
        }
    }

    /** d, least, 12 bytes of s and m, 128 bytes of two numbers each. A group is 32 numbers. */
    private static void four(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at);
        float leastScale = half(from, at + 2);
        for (int pair = 0; pair < 4; pair++) {
            int group = 2 * pair;
            float s0 = scale * sixBitScale(from, at + 4, group);
            float m0 = leastScale * sixBitLeast(from, at + 4, group);
            float s1 = scale * sixBitScale(from, at + 4, group + 1);
            float m1 = leastScale * sixBitLeast(from, at + 4, group + 1);
            int halves = at + 16 + pair * 32;
            int out = to + pair * 64;
            for (int i = 0; i < 32; i++) {
                int both = from[halves + i];
                into[out + i] = s0 * (both & 0xF) - m0;
                into[out + 32 + i] = s1 * (both >> 4 & 0xF) - m1;
            }
        }
    }

    /** As Q4_K, with 32 bytes of fifth bits before the numbers: bit g of byte i belongs to number i of group g. */
    private static void five(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at);
        float leastScale = half(from, at + 2);
        for (int pair = 0; pair < 4; pair++) {
            int group = 2 * pair;
            float s0 = scale * sixBitScale(from, at + 4, group);
            float m0 = leastScale * sixBitLeast(from, at + 4, group);
            float s1 = scale * sixBitScale(from, at + 4, group + 1);
            float m1 = leastScale * sixBitLeast(from, at + 4, group + 1);
            int halves = at + 48 + pair * 32;
            int out = to + pair * 64;
            for (int i = 0; i < 32; i++) {
                int both = from[halves + i];
                int fifths = from[at + 16 + i] >> group;
                into[out + i] = s0 * (both & 0xF | (fifths & 1) << 4) - m0;
                into[out + 32 + i] = s1 * (both >> 4 & 0xF | (fifths & 2) << 3) - m1;
            }
        }
    }

    /** Of eight scales: four in six bits of bytes 0 to 3; the others have four bits in bytes 8 to 11, two in 0 to 3. */
    private static int sixBitScale(byte[] from, int at, int group) {
        if (group < 4) return from[at + group] & 0x3F;
        return from[at + 4 + group] & 0xF | from[at + group - 4] >> 2 & 0x30;
    }

    /** The same for the minima, from bytes 4 to 7 and the upper halves of 8 to 11. */
    private static int sixBitLeast(byte[] from, int at, int group) {
        if (group < 4) return from[at + 4 + group] & 0x3F;
        return from[at + 4 + group] >> 4 & 0xF | from[at + group] >> 2 & 0x30;
    }

    /**
     * 128 bytes of lower four bits, 64 of upper two, 16 scales with sign, d. A group is 16 numbers. In either half of a block
     * byte i of the upper bits belongs to numbers i, i + 32, i + 64 and i + 96.
     */
    private static void six(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at + 208);
        for (int part = 0; part < 4; part++) { // 16 bytes of upper bits
            int lower = at + part / 2 * 64 + part % 2 * 16;
            int upper = at + 128 + part * 16;
            int scales = at + 192 + part / 2 * 8 + part % 2;
            int out = to + part / 2 * 128 + part % 2 * 16;
            float s0 = scale * from[scales];
            float s1 = scale * from[scales + 2];
            float s2 = scale * from[scales + 4];
            float s3 = scale * from[scales + 6];
            for (int i = 0; i < 16; i++) {
                int one = from[lower + i];
                int two = from[lower + 32 + i];
                int high = from[upper + i];
                into[out + i] = s0 * ((one & 0xF | (high & 3) << 4) - 32);
                into[out + 32 + i] = s1 * ((two & 0xF | (high >> 2 & 3) << 4) - 32);
                into[out + 64 + i] = s2 * ((one >> 4 & 0xF | (high >> 4 & 3) << 4) - 32);
                into[out + 96 + i] = s3 * ((two >> 4 & 0xF | (high >> 6 & 3) << 4) - 32);
            }
        }
    }

    /** d, eight times the upper two bits of a scale, four bytes of lower four bits, 128 bytes of numbers. */
    private static void levels(byte[] from, int at, float[] into, int to) {
        float scale = half(from, at);
        int upper = from[at + 2] & 0xFF | (from[at + 3] & 0xFF) << 8;
        for (int group = 0; group < 8; group++) {
            int lower = from[at + 4 + group / 2] >> group % 2 * 4 & 0xF;
            float s = scale * ((lower | (upper >> group * 2 & 3) << 4) - 32);
            SmallBlocks.levels(from, at + 8 + group * 16, s, into, to + group * 32);
        }
    }
}
