package io.tramontane.model.gguf;

/** IEEE half precision (1 sign, 5 exponent, 10 fraction bits) from and to float32. Java 17 has no conversion of its own. */
public final class HalfFloat {
    /** The least magnitude that is rounded to infinity. */
    public static final float TOO_LARGE = 65520;

    private HalfFloat() {}

    /** Exact. */
    public static float toFloat(short bits) {
        int size = (bits & 0x7FFF) << 13;
        int sign = (bits & 0x8000) << 16;
        if (size >= 0x0F80_0000) return Float.intBitsToFloat(sign | size | 0x7F80_0000);
        // the exponent's base is 112 lower
        if (size >= 0x0080_0000) return Float.intBitsToFloat(size + 0x3800_0000 | sign);
        float small = Float.intBitsToFloat(size + 0x3880_0000) - 0x1p-14f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(small) | sign);
    }

    /** Rounded to nearest, ties to even; beyond {@link #TOO_LARGE} infinity; NaN stays NaN. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int size = bits & 0x7FFF_FFFF;
        if (size > 0x7F80_0000) return (short) (sign | 0x7E00 | size >> 13 & 0x1FF);
        if (size >= 0x477F_F000) return (short) (sign | 0x7C00);
        if (size < 0x3880_0000) { // below the least normal half: adding 0.5 leaves a multiple of 2^-24 in the fraction
            return (short) (sign | Float.floatToRawIntBits(Float.intBitsToFloat(size) + 0.5f) - 0x3F00_0000);
        }
        int rounded = size + 0xFFF + (size >> 13 & 1);
        return (short) (sign | rounded - 0x3800_0000 >> 13);
    }
}
