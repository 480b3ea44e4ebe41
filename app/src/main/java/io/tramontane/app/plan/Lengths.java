package io.tramontane.app.plan;

import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.LogNormalDistribution;

/**
 * Lengths of completions that are expected: log-normal, cut at the longest.
 *
 * @param mean in tokens
 * @param spread standard deviation as a share of the mean; 0 makes all alike
 * @param longest allowed, in tokens
 */
record Lengths(double mean, double spread, int longest) {
    /** As many lengths as a group has, at evenly spaced quantiles. */
    int[] of(int count) {
        double[] raw = IntStream.range(0, count)
                .mapToDouble(i -> quantile((i + 0.5) / count))
                .toArray();
        double scale = mean
                * count
                / IntStream.range(0, count).mapToDouble(i -> raw[i]).sum();
        return IntStream.range(0, count).map(i -> whole(raw[i] * scale)).toArray();
    }

    /** The longest one of so many. */
    double longestOf(long count) {
        return quantile(1 - 0.5 / count);
    }

    /** Tokens of its own completion before a token, in the mean: long completions have more of the tokens. */
    double before() {
        return Math.min(longest, mean * (1 + spread * spread)) / 2;
    }

    private int whole(double length) {
        return (int) Math.max(1, Math.min(longest, Math.round(length)));
    }

    private double quantile(double share) {
        if (spread == 0) return mean;
        double variance = Math.log(1 + spread * spread);
        double length = new LogNormalDistribution(Math.log(mean) - variance / 2, Math.sqrt(variance))
                .inverseCumulativeProbability(share);
        return Math.min(longest, length);
    }
}
