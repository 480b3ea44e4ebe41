package io.tramontane.app.report;

import java.util.Locale;

/** Numbers as text for console and page. A dash stands for "not measured". */
final class ReadableNumbers {
    private static final String NONE = "–";

    private ReadableNumbers() {}

    /** 0.853 is "85 %". */
    static String percent(double share) {
        return Double.isFinite(share) ? Math.round(100 * share) + " %" : NONE;
    }

    /** 0.853 is "85.3 %". */
    static String percent1(double share) {
        return Double.isFinite(share) ? fixed(100 * share, 1) + " %" : NONE;
    }

    /** 0.341 to 0.853 is "+51.2". */
    static String points(double from, double to) {
        double points = 100 * (to - from);
        return Double.isFinite(points) ? String.format(Locale.ROOT, "%+.1f", points) : NONE;
    }

    static String fixed(double value, int digits) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + digits + "f", value) : NONE;
    }

    /** 5230 is "5.2k". */
    static String rate(double value) {
        if (!Double.isFinite(value)) return NONE;
        if (value < 1000) return fixed(value, 0);
        return value < 100_000 ? fixed(value / 1000, 1) + "k" : fixed(value / 1000, 0) + "k";
    }

    /** 151 seconds are "2:31", 3,700 are "1:01:40". */
    static String clock(double seconds) {
        if (!Double.isFinite(seconds)) return NONE;
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    /** 288.4 seconds are "4 min 48 s". */
    static String duration(double seconds) {
        if (!Double.isFinite(seconds)) return NONE;
        long whole = Math.round(seconds);
        if (whole < 60) return whole + " s";
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole / 60 % 60 + " min";
    }

    /** "fr" is "French"; an unknown code stays as it is. */
    static String language(String code) {
        return Locale.forLanguageTag(code).getDisplayLanguage(Locale.ENGLISH);
    }

    /** "inFlight" is "in flight". */
    static String words(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
    }
}
