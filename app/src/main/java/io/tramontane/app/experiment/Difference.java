package io.tramontane.app.experiment;

import java.util.Locale;

/**
 * A difference with its 95 % interval.
 *
 * @param value mean over the seeds
 * @param low NaN where there is no interval
 * @param high NaN where there is no interval
 * @param how what the interval is over, in words
 */
record Difference(double value, double low, double high, String how) {
    /** Two-sided 95 % points of Student's t for 1 to 10 degrees of freedom. */
    private static final double[] T = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228};

    /** Without an interval. */
    static Difference bare(double value, String why) {
        return new Difference(value, Double.NaN, Double.NaN, why);
    }

    /** From one difference for each seed, two or more, by Student's t. */
    static Difference ofSeeds(double[] differences) {
        int n = differences.length;
        double mean = java.util.Arrays.stream(differences).average().orElseThrow();
        double squares = java.util.Arrays.stream(differences)
                .map(d -> (d - mean) * (d - mean))
                .sum();
        double half = T[Math.min(n - 1, T.length) - 1] * Math.sqrt(squares / (n - 1) / n);
        return new Difference(mean, mean - half, mean + half, n + " seeds");
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
