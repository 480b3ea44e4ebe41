package io.tramontane.model;

import java.io.Serializable;
import java.util.List;

/**
 * How a model differs from a plain Llama 2.
 *
 * @param architecture which of the supported ones
 * @param window how many keys a query sees, itself among them; 0 sees all before it (sliding_window)
 * @param rope how the rotary frequencies are stretched for long contexts
 * @param experts the sparse feed-forward block, none in a dense model
 * @param otherEnds tokens that end a completion beside {@link PolicyConfig#endOfText()}
 */
public record Variant(Architecture architecture, int window, RopeScaling rope, Experts experts, List<Integer> otherEnds)
        implements Serializable {

    /**
     * Llama 3's scaling of the rotary frequencies: wavelengths above {@code originalPositions / low} are stretched by the
     * factor, those below {@code originalPositions / high} are kept, and those between are interpolated.
     *
     * @param factor 1 scales nothing
     * @param low low_freq_factor
     * @param high high_freq_factor
     * @param originalPositions context that the model was first trained on, in tokens
     */
    public record RopeScaling(double factor, double low, double high, int originalPositions) implements Serializable {
        /** Checks ranges. */
        public RopeScaling {
            if (!(factor >= 1 && factor <= 1e6))
                throw new IllegalArgumentException("rope_scaling.factor " + factor + ", allowed 1 to 1000000");
            if (!(low > 0 && high > low && high <= 1e6))
                throw new IllegalArgumentException("rope_scaling.low_freq_factor " + low + " and high_freq_factor "
                        + high + ", allowed 0 < low < high <= 1000000");
            if (originalPositions < 1)
                throw new IllegalArgumentException(
                        "rope_scaling.original_max_position_embeddings " + originalPositions + ", allowed >= 1");
        }

        /** Frequencies as they are. */
        public static RopeScaling none() {
            return new RopeScaling(1, 1, 4, 8192);
        }

        /** What a frequency, in radians per token, is divided by. */
        public double divisor(double frequency) {
            double turns = originalPositions * frequency / (2 * Math.PI);
            double kept = Math.max(0, Math.min(1, (turns - low) / (high - low)));
            return 1 / ((1 - kept) / factor + kept);
        }

        /** Whether frequencies change. */
        public boolean scales() {
            return factor != 1;
        }
    }

    /**
     * Sparse experts: a router picks some of them for every token, weights are the softmax over all, renormed over the
     * picked ones.
     *
     * @param count E, 0 in a dense model
     * @param active how many of them a token visits
     */
    public record Experts(int count, int active) implements Serializable {
        /** Checks ranges. */
        public Experts {
            if (count < 0 || count > 512)
                throw new IllegalArgumentException("num_local_experts " + count + ", allowed 0 to 512");
            if (count > 0 ? active < 1 || active > count : active != 0)
                throw new IllegalArgumentException("num_experts_per_tok " + active + " of " + count + " experts");
        }

        /** A dense model. */
        public static Experts none() {
            return new Experts(0, 0);
        }
    }

    /** Checks ranges. */
    public Variant {
        if (window < 0) throw new IllegalArgumentException("sliding_window " + window + ", allowed >= 0");
        if ((architecture == Architecture.MIXTRAL) != experts.count() > 0)
            throw new IllegalArgumentException(architecture.className() + " with " + experts.count() + " experts");
        otherEnds = List.copyOf(otherEnds);
    }

    /** An architecture's plain form. */
    public static Variant of(Architecture architecture) {
        return new Variant(architecture, 0, RopeScaling.none(), Experts.none(), List.of());
    }

    /** The same with a window over the keys. */
    public Variant withWindow(int keys) {
        return new Variant(architecture, keys, rope, experts, otherEnds);
    }

    /** The same with scaled frequencies. */
    public Variant withRope(RopeScaling scaling) {
        return new Variant(architecture, window, scaling, experts, otherEnds);
    }
}
