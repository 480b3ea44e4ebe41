package io.tramontane.app.analysis;

import java.util.Arrays;

/**
 * Points of the plane that are evaluated: every pair of an a1 and an a2.
 *
 * @param a1 distances from the last checkpoint along the first component, ascending
 * @param a2 the same along the second
 */
public record Grid(double[] a1, double[] a2) {
    /**
     * Covers all checkpoints and goes on beyond them.
     *
     * @param points on each axis
     * @param reach how far it goes on at each end, as a share of what the checkpoints cover
     */
    public static Grid around(PrincipalComponents components, int points, double reach) {
        return new Grid(axis(components.fromLast(0), points, reach), axis(components.fromLast(1), points, reach));
    }

    static double[] axis(double[] coordinates, int points, double reach) {
        double low = Arrays.stream(coordinates).min().orElseThrow();
        double high = Arrays.stream(coordinates).max().orElseThrow();
        double from = low - reach * (high - low);
        double step = (1 + 2 * reach) * (high - low) / (points - 1);
        double[] axis = new double[points];
        for (int i = 0; i < points; i++) axis[i] = from + i * step;
        return axis;
    }

    /** Points in all. */
    public int size() {
        return a1.length * a2.length;
    }

    /** Of the point with a number from 0: a1 changes first. */
    public double[] point(int number) {
        return new double[] {a1[number % a1.length], a2[number / a1.length]};
    }
}
