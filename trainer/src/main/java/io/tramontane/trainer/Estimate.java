package io.tramontane.trainer;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A mean over problems with its 95 % confidence interval by the bootstrap (percentiles of the means of resampled problems).
 *
 * @param value the mean
 * @param low 2.5th percentile
 * @param high 97.5th percentile
 */
public record Estimate(double value, double low, double high) {
    private static final int RESAMPLES = 2000;

    /** Of one number per problem; all NaN when there is none. The resamples are the same in every call. */
    static Estimate of(double[] perProblem) {
        if (perProblem.length == 0) return new Estimate(Double.NaN, Double.NaN, Double.NaN);
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
