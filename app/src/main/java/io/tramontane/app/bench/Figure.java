package io.tramontane.app.bench;

import java.util.Locale;

/**
 * One figure of a bench.
 *
 * @param name what was measured
 * @param value a rate or a time
 * @param unit of the value
 * @param share of what {@code of} names, 1 is all of it; NaN where nothing limits the value
 * @param of the limit, or what it is a share of
 */
public record Figure(String name, double value, String unit, double share, String of) {
    Figure(String name, double value, String unit) {
        this(name, value, unit, Double.NaN, "");
    }

    /** One line for a person. */
    public String text() {
        String digits = value < 1 ? "%.3f" : value < 100 ? "%.1f" : "%.0f";
        String line = name + ": " + String.format(Locale.ROOT, digits, value) + " " + unit;
        return of.isEmpty() ? line : line + String.format(Locale.ROOT, ", %.0f %% of %s", 100 * share, of);
    }
}
