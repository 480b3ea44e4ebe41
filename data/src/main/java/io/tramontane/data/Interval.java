package io.tramontane.data;

/**
 * Every so many steps: an interval of 10 holds the steps 0, 10, 20 and so on.
 *
 * @param steps from one to the next, at least 1
 */
public record Interval(int steps) {
    /** Checks the range. */
    public Interval {
        if (steps < 1) throw new IllegalArgumentException("interval of " + steps + " steps, allowed >= 1");
    }

    /** True if this step is one of them. */
    public boolean includes(int step) {
        return step % steps == 0;
    }
}
