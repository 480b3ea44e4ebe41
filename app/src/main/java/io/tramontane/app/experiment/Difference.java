package io.tramontane.app.experiment;

import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * A difference with its 95 % interval.
 *
 * @param value mean over the seeds
 * @param low NaN where there is no interval
 * @param high NaN where there is no interval
 * @param how what the interval is over, in words
 */
record Difference(double value, double low, double high, String how) {
    /** Without an interval. */
    static Difference bare(double value, String why) {
        return new Difference(value, Double.NaN, Double.NaN, why);
    }

    /** From one difference for each seed, two or more, by Student's t. */
    static Difference ofSeeds(double[] differences) {
        double mean = StatUtils.mean(differences);
        double half = half(differences);
        return new Difference(mean, mean - half, mean + half, differences.length + " seeds");
    }

    /** Half of the 95 % interval of the mean of two or more observations, by Student's t. */
    static double half(double[] observations) {
        int n = observations.length;
        double quantile = new TDistribution(n - 1).inverseCumulativeProbability(0.975);
        return quantile * Math.sqrt(StatUtils.variance(observations) / n);
    }

    boolean hasInterval() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    /** The numbers in a metric's unit. */
    String text(Metric metric) {
        if (!Double.isFinite(value)) return "not measured (" + how + ")";
        String interval =
                hasInterval() ? " [" + metric.signed(low) + ", " + metric.signed(high) + "]" : ", no interval";
        return String.format(Locale.ROOT, "%s%s%s (%s)", metric.signed(value), metric.unit(), interval, how);
    }
}
