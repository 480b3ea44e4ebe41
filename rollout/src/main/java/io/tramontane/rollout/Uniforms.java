package io.tramontane.rollout;

/**
 * Counter-based random numbers: the uniform of a token is a pure function of (seed, group, completion, position), so a
 * sampled token depends neither on the slot nor on the batch it sat in. Mixing as in SplitMix64 (Steele, Lea, Flood
 * 2014).
 */
final class Uniforms {
    private Uniforms() {}

    /** In [0, 1), with the 24 bits that a float32 holds exactly. */
    static float at(long seed, long group, int completion, int position) {
        long state = mix(seed);
        state = mix(state ^ group);
        state = mix(state ^ completion);
        state = mix(state ^ position);
        return (state >>> 40) * 0x1.0p-24f;
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
