package io.tramontane.model;

import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.nio.ByteBuffer;

/**
 * Stored numbers to float32 and back. Blocks of 32 (GGUF): a half precision scale d, for Q4_1 also a minimum m; then the
 * numbers q, in Q4 two to a byte, the low halves first. Value: Q8_0 d q, Q4_0 d (q - 8), Q4_1 d q + m.
 */
final class StoredNumbers {
    private StoredNumbers() {}

    /** Both buffers are little-endian; {@code into} is filled up to its limit. */
    static void decode(Encoding encoding, ByteBuffer from, ByteBuffer into) {
        while (into.hasRemaining()) {
            switch (encoding) {
                case F32 -> into.put(from);
                case F16 -> into.putFloat(half(from.getShort()));
                case BF16 -> into.putFloat(Float.intBitsToFloat(from.getShort() << 16));
                case F8_E4M3 -> into.putFloat(Fp8.value(from.get()));
                case Q8_0 -> {
                    float scale = half(from.getShort());
                    for (int i = 0; i < 32; i++) into.putFloat(scale * from.get());
                }
                case Q4_0 -> {
                    float scale = half(from.getShort());
                    nibbles(from, into, scale, 8, 0);
                }
                case Q4_1 -> {
                    float scale = half(from.getShort());
                    nibbles(from, into, scale, 0, half(from.getShort()));
                }
            }
        }
    }

    private static void nibbles(ByteBuffer from, ByteBuffer into, float scale, int middle, float least) {
        int at = from.position();
        for (int i = 0; i < 16; i++) into.putFloat(scale * ((from.get(at + i) & 0xF) - middle) + least);
        for (int i = 0; i < 16; i++) into.putFloat(scale * ((from.get(at + i) >> 4 & 0xF) - middle) + least);
        from.position(at + 16);
    }

    /** IEEE half precision. */
    static float half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        int sign = (bits & 0x8000) << 16;
        if (exponent == 0x1F) return Float.intBitsToFloat(sign | 0x7F80_0000 | fraction << 13);
        if (exponent > 0) return Float.intBitsToFloat(sign | exponent + 112 << 23 | fraction << 13);
        float small = fraction * 0x1p-24f;
        return sign == 0 ? small : -small;
    }

    /** The upper 16 bits of a number rounded to bfloat16, ties to even. */
    static short bfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) return (short) (bits >> 16 | 0x40);
        return (short) (bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }
}
