package io.tramontane.trainer.loss;

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

    /** A sum so far. */
    public double get(Measure measure) {
        return sums[measure.ordinal()];
    }
}
