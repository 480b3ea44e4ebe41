package io.tramontane.app.cli;

import java.util.List;
import java.util.Locale;

/** A curve as one line of text: means of up to 40 intervals, between the first value and the last. */
final class Sparkline {
    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";
    private static final int COLUMNS = 40;

    private Sparkline() {}

    static String of(List<Double> values) {
        int columns = Math.min(COLUMNS, values.size());
        double[] means = new double[columns];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            List<Double> interval = values.subList(
                    (int) ((long) values.size() * i / columns), (int) ((long) values.size() * (i + 1) / columns));
            means[i] =
                    interval.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
            low = Math.min(low, means[i]);
            high = Math.max(high, means[i]);
        }
        StringBuilder curve = new StringBuilder();
        for (double mean : means) {
            double height = high > low ? (mean - low) / (high - low) : 0;
            curve.append(HEIGHTS.charAt((int) Math.round(height * (HEIGHTS.length() - 1))));
        }
        return String.format(Locale.ROOT, "%.3f %s %.3f", means[0], curve, means[columns - 1]);
    }
}
