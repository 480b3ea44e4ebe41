package io.tramontane.data.gym;

import java.util.List;

/**
 * Random numbers that are the same in every process and on every JVM: SplitMix64, written out, since the algorithms
 * behind {@code java.util.random} may change between releases. Keyed by what is drawn, not by what was drawn before.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    private Dice(long state) {
        this.state = state;
    }

    /** Dice whose throws depend on all the keys and on nothing else. */
    static Dice of(long... keys) {
        long state = 0;
        for (long key : keys) state = mix(state + GOLDEN + mix(key));
        return new Dice(state);
    }

    /** A bijection of 64 bits that leaves no visible pattern. */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    long bits() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double unit() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    /** Uniform in 0 .. bound - 1. */
    int below(int bound) {
        return (int) (((bits() >>> 32) * bound) >>> 32);
    }

    /** Uniform in low .. high, both included. */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    boolean chance(double share) {
        return unit() < share;
    }

    <T> T pick(List<T> from) {
        return from.get(below(from.size()));
    }

    /** An index, each as often as its weight says. */
    int weighted(List<Double> weights) {
        return weighted(weights, unit());
    }

    /** The index at which the running sum of the weights passes {@code unit} of the whole. */
    static int weighted(List<Double> weights, double unit) {
        double left = unit * weights.stream().mapToDouble(Double::doubleValue).sum();
        int last = 0;
        for (int i = 0; i < weights.size(); i++) {
            if (weights.get(i) <= 0) continue;
            last = i;
            left -= weights.get(i);
            if (left < 0) break;
        }
        return last;
    }
}
