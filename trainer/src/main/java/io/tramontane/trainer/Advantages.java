package io.tramontane.trainer;

import io.tramontane.trainer.loss.AdvantageRule;
import java.util.Arrays;
import java.util.List;

/**
 * Rewards into advantages, one number per completion. The default is the paper's (section 2.1): {@code A_i = r_i -
 * mean_group(r)}, then {@code (A_i - mean) / std} over all sequences of the minibatch.
 *
 * <p>Not in the papers: what happens when the standard deviation is 0. Then all advantages are 0. The standard deviation is
 * the population's, but for {@link AdvantageRule#GROUP_STD}, which follows published code.
 */
final class Advantages {
    private static final double EPSILON = 1e-6; // of published code, where the papers have none

    private Advantages() {}

    /**
     * One row per group.
     *
     * @param rule not auto
     * @param rewards [groups][G] r_i, of the minibatch; of the whole batch for {@link AdvantageRule#BATCH}
     * @return [groups][G] advantages
     */
    static double[][] of(AdvantageRule rule, List<double[]> rewards) {
        return switch (rule) {
            case MINIBATCH -> of(rewards);
            case BATCH -> ofBatch(rewards);
            case NONE -> rewards.stream().map(double[]::clone).toArray(double[][]::new);
            case GROUP, GROUP_STD, LEAVE_ONE_OUT, MAXRL ->
                rewards.stream().map(group -> ofGroup(rule, group)).toArray(double[][]::new);
            case AUTO -> throw new IllegalStateException("a loss names its own advantage first");
        };
    }

    /** The mean and the deviation are those of all rewards, whatever their group. */
    private static double[][] ofBatch(List<double[]> rewards) {
        double[] all = rewards.stream().flatMapToDouble(Arrays::stream).toArray();
        double mean = mean(all);
        double deviation = Math.sqrt(squares(all, mean) / Math.max(1, all.length));
        double[][] advantages = new double[rewards.size()][];
        for (int g = 0; g < advantages.length; g++)
            advantages[g] = Arrays.stream(rewards.get(g))
                    .map(r -> normalised(r - mean, deviation))
                    .toArray();
        return advantages;
    }

    private static double[] ofGroup(AdvantageRule rule, double[] rewards) {
        double mean = mean(rewards);
        double deviation = Math.sqrt(squares(rewards, mean) / Math.max(1, rewards.length - 1));
        double scale =
                switch (rule) {
                    case GROUP -> 1;
                    case GROUP_STD -> 1 / (deviation + EPSILON);
                    case LEAVE_ONE_OUT -> rewards.length / Math.max(1.0, rewards.length - 1);
                    default -> mean > EPSILON ? 1 / (mean + EPSILON) : 0;
                };
        // what is left of a reward at the mean is rounding
        return Arrays.stream(rewards)
                .map(r -> normalised(r - mean, deviation) == 0 ? 0 : (r - mean) * scale)
                .toArray();
    }

    private static double squares(double[] values, double mean) {
        double sum = 0;
        for (double value : values) sum += (value - mean) * (value - mean);
        return sum;
    }

    /**
     * The paper's, one row per group.
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
