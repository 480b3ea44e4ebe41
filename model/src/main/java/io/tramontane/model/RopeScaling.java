package io.tramontane.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * How the rotary frequencies are stretched for contexts longer than those of the first training. The program computes in the
 * order of operations of transformers' modeling_rope_utils; here are the numbers that it needs, in double precision.
 *
 * <p>Legend: D head size, j a rotated pair, 0 to D/2 - 1, b the base. Pair j turns {@code b^(-2j/D)} radians per token.
 */
public sealed interface RopeScaling extends Serializable {
    /** Frequencies as they are. */
    static RopeScaling none() {
        return new None();
    }

    /** Whether anything changes. */
    default boolean scales() {
        return true;
    }

    /** What the frequency of each pair is divided by, [D/2]. */
    double[] divisors(PolicyConfig config);

    /** What cosines and sines are multiplied by: the scores grow by its square. */
    default double attentionFactor() {
        return 1;
    }

    /** Checks what depends on the model's other sizes. */
    default void checkFits(int headSize, double base) {}

    /** Which of policy.py's ways, and its numbers. */
    Program program(PolicyConfig config);

    /**
     * The words ROPE_* of policy.py.
     *
     * @param kind 0 none, 1 Llama 3's, 2 YaRN, 3 all frequencies alike, 4 a divisor for each pair
     * @param factor of 1, 2 and 3
     * @param from and to: the ramp of 1 and 2
     * @param positions of 1
     * @param divisors of 4
     */
    record Program(int kind, double factor, double from, double to, int positions, List<Double> divisors) {}

    private static double frequency(PolicyConfig config, int pair) {
        return Math.pow(config.ropeBase(), -2.0 * pair / config.headSize());
    }

    private static void checkFactor(double factor) {
        if (!(factor >= 1 && factor <= 1e6))
            throw new IllegalArgumentException("rope_scaling.factor " + factor + ", allowed 1 to 1000000");
    }

    private static void checkAttentionFactor(double factor) {
        if (!(factor > 0 && factor <= 1e3))
            throw new IllegalArgumentException(
                    "rope_scaling.attention_factor " + factor + ", allowed 0 to 1000, not 0");
    }

    private static void checkPositions(int positions) {
        if (positions < 1)
            throw new IllegalArgumentException(
                    "rope_scaling.original_max_position_embeddings " + positions + ", allowed >= 1");
    }

    /** As they are. */
    record None() implements RopeScaling {
        @Override
        public boolean scales() {
            return false;
        }

        @Override
        public double[] divisors(PolicyConfig config) {
            double[] divisors = new double[config.headSize() / 2];
            Arrays.fill(divisors, 1);
            return divisors;
        }

        @Override
        public Program program(PolicyConfig config) {
            return new Program(0, 1, 0, 1, 1, List.of());
        }
    }

    /** All divided by one factor ("linear"). */
    record Linear(double factor) implements RopeScaling {
        /** Checks ranges. */
        public Linear {
            checkFactor(factor);
        }

        @Override
        public double[] divisors(PolicyConfig config) {
            double[] divisors = new double[config.headSize() / 2];
            Arrays.fill(divisors, factor);
            return divisors;
        }

        @Override
        public Program program(PolicyConfig config) {
            return new Program(3, factor, 0, 1, 1, List.of());
        }
    }

    /**
     * Llama 3's: wavelengths above {@code originalPositions / low} are stretched by the factor, those below {@code
     * originalPositions / high} are kept, and those between are interpolated.
     *
     * @param factor 1 to a million
     * @param low low_freq_factor
     * @param high high_freq_factor
     * @param originalPositions context that the model was first trained on, in tokens
     */
    record Llama3(double factor, double low, double high, int originalPositions) implements RopeScaling {
        /** Checks ranges. */
        public Llama3 {
            checkFactor(factor);
            if (!(low > 0 && high > low && high <= 1e6))
                throw new IllegalArgumentException("rope_scaling.low_freq_factor " + low + " and high_freq_factor "
                        + high + ", allowed 0 < low < high <= 1000000");
            checkPositions(originalPositions);
        }

        /** What a frequency, in radians per token, is divided by. */
        public double divisor(double frequency) {
            double turns = originalPositions * frequency / (2 * Math.PI);
            double kept = Math.max(0, Math.min(1, (turns - low) / (high - low)));
            return 1 / ((1 - kept) / factor + kept);
        }

        @Override
        public boolean scales() {
            return factor != 1;
        }

        @Override
        public double[] divisors(PolicyConfig config) {
            double[] divisors = new double[config.headSize() / 2];
            for (int j = 0; j < divisors.length; j++) divisors[j] = divisor(frequency(config, j));
            return divisors;
        }

        @Override
        public Program program(PolicyConfig config) {
            return new Program(scales() ? 1 : 0, factor, low, high, originalPositions, List.of());
        }
    }

    /**
     * YaRN (arXiv:2309.00071): pairs that turn more than {@code fast} times within the original context are kept, those
     * that turn less than {@code slow} times are divided by the factor, and between them a ramp runs over the pairs.
     *
     * @param factor 1 to a million
     * @param fast beta_fast, in Mistral's files {@code beta}
     * @param slow beta_slow, in Mistral's files {@code alpha}
     * @param originalPositions context that the model was first trained on, in tokens
     * @param attentionFactor what cosines and sines are multiplied by
     * @param whole whether the ramp begins and ends at whole pairs, as it does in almost all models ("truncate")
     */
    record Yarn(double factor, double fast, double slow, int originalPositions, double attentionFactor, boolean whole)
            implements RopeScaling {
        /** Checks ranges. */
        public Yarn {
            checkFactor(factor);
            checkPositions(originalPositions);
            checkAttentionFactor(attentionFactor);
            if (!(slow > 0 && fast >= slow && fast <= 1e6))
                throw new IllegalArgumentException("rope_scaling.beta_slow " + slow + " and beta_fast " + fast
                        + ", allowed 0 < slow <= fast <= 1000000");
        }

        /** The paper's: by how much scores should grow with the factor; {@code weight} is mscale. */
        public static double attentionFactor(double factor, double weight) {
            return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
        }

        @Override
        public void checkFits(int headSize, double base) {
            if (base <= 1) throw new IllegalArgumentException("rope_theta " + base + ", allowed above 1 with yarn");
        }

        /** The pair, not a whole number, that turns so often within the original context. */
        private double pair(double turns, PolicyConfig config) {
            double tokensPerRadian = originalPositions / (turns * 2 * Math.PI);
            return config.headSize() * Math.log(tokensPerRadian) / (2 * Math.log(config.ropeBase()));
        }

        private double from(PolicyConfig config) {
            double pair = pair(fast, config);
            return Math.max(whole ? Math.floor(pair) : pair, 0);
        }

        private double to(PolicyConfig config) {
            double pair = pair(slow, config);
            double last = Math.min(whole ? Math.ceil(pair) : pair, config.headSize() - 1);
            return last == from(config) ? last + 0.001 : last;
        }

        @Override
        public double[] divisors(PolicyConfig config) {
            double[] divisors = new double[config.headSize() / 2];
            for (int j = 0; j < divisors.length; j++) {
                double stretched = Math.max(0, Math.min(1, (j - from(config)) / (to(config) - from(config))));
                divisors[j] = 1 / (stretched / factor + 1 - stretched);
            }
            return divisors;
        }

        @Override
        public Program program(PolicyConfig config) {
            return new Program(2, factor, from(config), to(config), originalPositions, List.of());
        }
    }

    /**
     * LongRoPE (arXiv:2402.13753): a searched divisor for each pair, one list for contexts up to the original one and one
     * for longer contexts. transformers chooses by the length of each sequence, so that a token's key changes when others
     * follow it; a key-value cache and packed training need one choice, and it is vLLM's: the list for long contexts where
     * the model has more positions than the original context.
     *
     * @param shortDivisors short_factor
     * @param longDivisors long_factor
     * @param originalPositions context that the model was first trained on, in tokens
     * @param attentionFactor what cosines and sines are multiplied by
     */
    record LongRope(
            List<Double> shortDivisors, List<Double> longDivisors, int originalPositions, double attentionFactor)
            implements RopeScaling {
        /** Checks ranges. */
        public LongRope {
            shortDivisors = List.copyOf(shortDivisors);
            longDivisors = List.copyOf(longDivisors);
            checkPositions(originalPositions);
            checkAttentionFactor(attentionFactor);
            for (List<Double> divisors : List.of(shortDivisors, longDivisors))
                for (double divisor : divisors)
                    if (!(divisor > 0 && divisor <= 1e6))
                        throw new IllegalArgumentException(
                                "rope_scaling: a factor is " + divisor + ", allowed 0 to 1000000, not 0");
        }

        /** The reference's attention factor where a file states none. */
        public static double attentionFactor(double factor, int originalPositions) {
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalPositions));
        }

        @Override
        public void checkFits(int headSize, double base) {
            for (List<Double> divisors : List.of(shortDivisors, longDivisors))
                if (divisors.size() != headSize / 2)
                    throw new IllegalArgumentException("rope_scaling: " + divisors.size()
                            + " factors in short_factor or long_factor, expected half the head size, " + headSize / 2);
        }

        private List<Double> used(PolicyConfig config) {
            return config.positions() > originalPositions ? longDivisors : shortDivisors;
        }

        @Override
        public double[] divisors(PolicyConfig config) {
            return used(config).stream().mapToDouble(Double::doubleValue).toArray();
        }

        @Override
        public Program program(PolicyConfig config) {
            return new Program(4, 1, 0, 1, originalPositions, used(config));
        }
    }
}
