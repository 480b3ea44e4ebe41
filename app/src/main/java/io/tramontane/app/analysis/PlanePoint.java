package io.tramontane.app.analysis;

/**
 * The policy w* + a1 c1 + a2 c2 and what it does on the held-out problems.
 *
 * @param a1 distance from the last checkpoint along the first component
 * @param a2 the same along the second
 * @param reward mean over completions
 * @param rewardWithoutLength the same without the length penalty
 * @param lengthMean tokens
 * @param correctness share of right completions
 * @param truncatedShare share of completions that were cut at the longest length
 * @param completions that were judged
 */
public record PlanePoint(
        double a1,
        double a2,
        double reward,
        double rewardWithoutLength,
        double lengthMean,
        double correctness,
        double truncatedShare,
        int completions) {}
