package io.tramontane.app.serve;

import java.util.Locale;

/** Counts of durations in fixed buckets, in the form of Prometheus. */
final class Histogram {
    private static final double[] SECONDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300};

    private final long[] counts = new long[SECONDS.length];
    private long count;
    private double sum;

    synchronized void add(double seconds) {
        for (int i = 0; i < SECONDS.length; i++) if (seconds <= SECONDS[i]) counts[i]++;
        count++;
        sum += seconds;
    }

    synchronized void write(String name, StringBuilder text) {
        for (int i = 0; i < SECONDS.length; i++)
            text.append(String.format(Locale.ROOT, "%s_bucket{le=\"%s\"} %d\n", name, SECONDS[i], counts[i]));
        text.append(String.format(Locale.ROOT, "%s_bucket{le=\"+Inf\"} %d\n", name, count));
        text.append(String.format(Locale.ROOT, "%s_sum %s\n%s_count %d\n", name, sum, name, count));
    }
}
