package io.tramontane.app.report;

/**
 * Wilson's 95 % score interval of a share, which holds for small counts and for shares of 0 and 1:
 *
 * <pre>  (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)</pre>
 *
 * @param low its lower end
 * @param high its upper end
 */
record Wilson(double low, double high) {
    private static final double Z = 1.959964;

    /** Of a share seen in {@code n} cases; nothing is known of none, or when the share is not a number. */
    static Wilson of(double share, double n) {
        if (!(n > 0) || !(share >= 0 && share <= 1)) return new Wilson(0, 1);
        double middle = share + Z * Z / (2 * n);
        double half = Z * Math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
        double scale = 1 + Z * Z / n;
        return new Wilson(Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale));
    }

    /**
     * The largest plausible change from one share to another one seen in other cases (Newcombe's hybrid score interval,
     * upper end). Below 0, the share has fallen.
     */
    static double mostChange(double before, double casesBefore, double after, double casesAfter) {
        Wilson first = of(before, casesBefore);
        Wilson second = of(after, casesAfter);
        return after - before + Math.hypot(second.high - after, before - first.low);
    }
}
