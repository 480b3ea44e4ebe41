package io.tramontane.model;

/**
 * The distribution that a token is sampled from: the logits are divided by the temperature, then cut by top-k, by top-p of
 * what is left, and by min-p.
 *
 * @param temperature divides the logits, above 0
 * @param topP probability of the nucleus (arXiv:1904.09751), (0, 1]; 1 keeps the whole distribution
 * @param topK most tokens that are kept; 0 keeps all
 * @param minP least probability that is kept, as a share of the largest (arXiv:2407.01082), [0, 1); 0 keeps all
 */
public record SamplingParameters(double temperature, double topP, int topK, double minP) {
    /** Checks ranges. */
    public SamplingParameters {
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature " + temperature + ", allowed > 0");
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("topP " + topP + ", allowed (0, 1]");
        if (topK < 0) throw new IllegalArgumentException("topK " + topK + ", allowed >= 0");
        if (!(minP >= 0 && minP < 1)) throw new IllegalArgumentException("minP " + minP + ", allowed [0, 1)");
    }

    /** Cut by top-p only. */
    public SamplingParameters(double temperature, double topP) {
        this(temperature, topP, 0, 0);
    }

    /** Whether anything is cut. */
    public boolean cuts() {
        return topP < 1 || topK > 0 || minP > 0;
    }
}
