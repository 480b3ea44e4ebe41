package io.tramontane.trainer.loss;

import java.util.Arrays;

/** Running sums of one minibatch. Float64: terms of both signs nearly cancel, and float32 would leave few digits. */
public final class Measures {
    private final double[] sums = new double[Measure.values().length];

    /** Adds to a sum. */
    public void add(Measure measure, double value) {
        sums[measure.ordinal()] += value;
    }

    /** Adds all sums of another. */
    public void add(Measures other) {
        for (int i = 0; i < sums.length; i++) sums[i] += other.sums[i];
    }

    /** All sums, and other numbers behind them: what ranks add up. */
    public double[] with(double... others) {
        double[] all = Arrays.copyOf(sums, sums.length + others.length);
        System.arraycopy(others, 0, all, sums.length, others.length);
        return all;
    }

    /** Out of such numbers. */
    public static Measures of(double[] all) {
        Measures measures = new Measures();
        System.arraycopy(all, 0, measures.sums, 0, measures.sums.length);
        return measures;
    }

    /** A sum so far. */
    public double get(Measure measure) {
        return sums[measure.ordinal()];
    }
}
