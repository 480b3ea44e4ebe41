package io.tramontane.app.plan;

import java.util.Locale;

/** Numbers of a plan, for a person. */
public final class Amount {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private Amount() {}

    /** 47.2 GB. */
    public static String bytes(double bytes) {
        int prefix = 0;
        double value = bytes;
        while (value >= 1000 && prefix < PREFIXES.length - 1) {
            value /= 1000;
            prefix++;
        }
        return String.format(Locale.ROOT, prefix == 0 ? "%.0f B" : "%.1f %sB", value, PREFIXES[prefix]);
    }

    /** 0.25 s, 12.5 s, 310 s. */
    static String seconds(double seconds) {
        String form = seconds < 0.1 ? "%.4f s" : seconds < 10 ? "%.2f s" : seconds < 100 ? "%.1f s" : "%,.0f s";
        return String.format(Locale.ROOT, form, seconds);
    }
}
