package io.tramontane.trainer;

import java.util.List;

/**
 * Advantages of a minibatch (paper section 2.1): {@code A_i = r_i - mean_group(r)}, then {@code (A_i - mean) / std} over
 * all sequences of the minibatch, one number per completion.
 *
 * <p>Not in the paper: what happens when the standard deviation is 0. Then every group agrees with itself, and all
 * advantages are 0. The standard deviation is the population's.
 */
final class Advantages {
    private Advantages() {}

    /**
     * One row per group.
     *
     * @param rewards [groups][G] r_i
     * @return [groups][G] normalised advantages
     */
    static double[][] of(List<double[]> rewards) {
        double[][] advantages = new double[rewards.size()][];
        int count = 0;
        double sum = 0;
        for (int g = 0; g < advantages.length; g++) {
            double mean = mean(rewards.get(g));
            advantages[g] = rewards.get(g).clone();
            for (int i = 0; i < advantages[g].length; i++) {
                advantages[g][i] -= mean;
                sum += advantages[g][i];
                count++;
            }
        }
        double mean = sum / Math.max(1, count);
        double squares = 0;
        for (double[] group : advantages) for (double a : group) squares += (a - mean) * (a - mean);
        double deviation = Math.sqrt(squares / Math.max(1, count));
        for (double[] group : advantages)
            for (int i = 0; i < group.length; i++) group[i] = normalised(group[i] - mean, deviation);
        return advantages;
    }

    /** A reward at the mean has no advantage: what is left of it then is rounding, whose sign would count as clipped or not. */
    private static double normalised(double difference, double deviation) {
        return deviation < 1e-9 || Math.abs(difference) < 1e-12 * deviation ? 0 : difference / deviation;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / Math.max(1, values.length);
    }
}
