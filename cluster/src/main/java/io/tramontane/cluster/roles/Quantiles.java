package io.tramontane.cluster.roles;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Quantiles of numbers as they come: exact for the first 65,536, from then on those of a random sample of so many (Vitter's
 * algorithm R), which is the same each time for the same numbers.
 */
final class Quantiles {
    /** Numbers that are kept at most. */
    static final int KEPT = 65_536;

    private final SplittableRandom random = new SplittableRandom(1);
    private double[] kept = new double[64];
    private long count;

    void add(double value) {
        if (count < KEPT) {
            if (count == kept.length) kept = Arrays.copyOf(kept, 2 * kept.length);
            kept[(int) count] = value;
        } else {
            long at = random.nextLong(count + 1);
            if (at < KEPT) kept[(int) at] = value;
        }
        count++;
    }

    /** The smallest values that 10, 50 and 90 in 100 do not exceed. */
    void addTo(Map<String, Object> row, String name) {
        double[] sorted = Arrays.copyOf(kept, (int) Math.min(count, KEPT));
        Arrays.sort(sorted);
        for (int percent : new int[] {10, 50, 90}) {
            int rank = (int) Math.ceil(percent / 100.0 * sorted.length) - 1;
            row.put(name + "P" + percent, sorted.length == 0 ? Double.NaN : sorted[Math.max(0, rank)]);
        }
    }
}
