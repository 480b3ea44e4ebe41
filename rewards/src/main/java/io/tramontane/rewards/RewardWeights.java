package io.tramontane.rewards;

import java.io.Serializable;

/**
 * How much each built-in part adds to the reward (paper section 2.2). The only place that states these numbers.
 *
 * @param format for a completion in the right format
 * @param correctness for a right answer; a share of it where part of a program's tests count
 * @param length the largest length penalty, which is subtracted
 * @param language for problem, thoughts and answer in one language; 0 switches this part off
 */
public record RewardWeights(double format, double correctness, double length, double language) implements Serializable {
    /** The paper's: 0.1, 0.9, at most -0.1, 0.1. */
    public static RewardWeights defaults() {
        return new RewardWeights(0.1, 0.9, 0.1, 0.1);
    }

    /** Checks ranges. */
    public RewardWeights {
        atLeastZero("format", format);
        if (!(correctness > 0 && Double.isFinite(correctness)))
            throw new IllegalArgumentException("rewards.weights.correctness " + correctness + ", allowed > 0");
        atLeastZero("length", length);
        atLeastZero("language", language);
    }

    private static void atLeastZero(String part, double weight) {
        if (!(weight >= 0 && Double.isFinite(weight)))
            throw new IllegalArgumentException("rewards.weights." + part + " " + weight + ", allowed >= 0");
    }

    /** The largest reward without those of the user's own. */
    public double largest() {
        return format + correctness + language;
    }
}
