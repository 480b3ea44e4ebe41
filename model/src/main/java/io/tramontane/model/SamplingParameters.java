package io.tramontane.model;

/**
 * The distribution that tokens are sampled from.
 *
 * @param temperature divides the logits, above 0
 * @param topP probability of the nucleus, (0, 1]; 1 keeps the whole distribution
 */
public record SamplingParameters(double temperature, double topP) {
    /** Checks ranges. */
    public SamplingParameters {
        if (!(temperature > 0)) throw new IllegalArgumentException("temperature " + temperature + ", allowed > 0");
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("topP " + topP + ", allowed (0, 1]");
    }
}
