package io.tramontane.cluster.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean over problems with its 95 % confidence interval by the bootstrap (percentiles of the means of resampled problems).
 *
 * <p>Where all problems came out alike, resampling can only repeat them and would claim certainty. Then the interval is
 * the Wilson score interval's: of n problems without an exception, up to z^2 / (n + z^2) of all problems may be exceptions.
 * One problem has no interval.
 *
 * @param value the mean
 * @param low 2.5th percentile; NaN for one problem
 * @param high 97.5th percentile; NaN for one problem
 */
public record Estimate(double value, double low, double high) {
    private static final int RESAMPLES = 2000;

    private static final double Z = 1.959964;

    /** Of one share per problem, in [0, 1]; all NaN when there is none. The resamples are the same in every call. */
    public static Estimate of(double[] perProblem) {
        return of(perProblem, 0);
    }

    /** Of one difference of two shares per problem, in [-1, 1]. */
    public static Estimate ofDifferences(double[] perProblem) {
        return of(perProblem, -1);
    }

    /** True where there is an interval. */
    public boolean hasInterval() {
        return !Double.isNaN(low);
    }

    private static Estimate of(double[] perProblem, double least) {
        if (perProblem.length == 0) return new Estimate(Double.NaN, Double.NaN, Double.NaN);
        double first = perProblem[0];
        if (perProblem.length == 1) return new Estimate(first, Double.NaN, Double.NaN);
        if (Arrays.stream(perProblem).allMatch(v -> v == first)) return alike(first, perProblem.length, least);
        return bootstrap(perProblem);
    }

    /** The exceptions that were not seen may all lie at either end of the range, from {@code least} to 1. */
    private static Estimate alike(double value, int problems, double least) {
        double unseen = Z * Z / (problems + Z * Z);
        return new Estimate(value, value + unseen * (least - value), value + unseen * (1 - value));
    }

    private static Estimate bootstrap(double[] perProblem) {
        SplittableRandom random = new SplittableRandom(0);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < perProblem.length; i++) sum += perProblem[random.nextInt(perProblem.length)];
            means[r] = sum / perProblem.length;
        }
        Arrays.sort(means);
        double mean = Arrays.stream(perProblem).average().orElseThrow();
        return new Estimate(mean, means[RESAMPLES / 40], means[RESAMPLES - 1 - RESAMPLES / 40]);
    }
}
