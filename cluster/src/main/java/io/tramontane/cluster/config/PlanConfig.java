package io.tramontane.cluster.config;

import java.io.Serializable;

/**
 * What {@code train --dry-run} is told about machines that a run is planned for. A run itself reads none of it: it measures.
 *
 * @param model config.json that states the shape of the model, for a dry run where {@code model} itself is not on this machine;
 *     looked for from the current folder, then beside the recipe
 * @param flops FLOP/s that a rank reaches in the products of training and of prefill; 0 plans no times
 * @param decodeFlops FLOP/s that a generator reaches in the products of decoding; 0 is {@code flops}
 * @param memoryBandwidth bytes/s that a rank reads from its memory; 0 leaves reading out of the times
 * @param networkBandwidth bytes/s that a rank sends or takes weights with; 0 leaves sending out of the times
 * @param rankBandwidth bytes/s that a trainer rank sends to the other trainer ranks; 0 is {@code networkBandwidth}
 * @param launchSeconds seconds that a decoding step takes beside products and reading, whatever the number of sequences
 * @param memory bytes of a rank's device; 0 compares nothing
 * @param promptTokens mean prompt that is expected, in tokens; 0 is the longest
 * @param completionTokens mean completion that is expected, in tokens; 0 is the longest
 * @param spread standard deviation of the completions' lengths that is expected, as a share of their mean; 0 makes all alike
 * @param signalShare share of the sampled groups that is expected to have a signal; the others are sampled and dropped
 */
public record PlanConfig(
        String model,
        double flops,
        double decodeFlops,
        double memoryBandwidth,
        double networkBandwidth,
        double rankBandwidth,
        double launchSeconds,
        double memory,
        double promptTokens,
        double completionTokens,
        double spread,
        double signalShare)
        implements Serializable {
    /** Nothing is known of the machines, and all completions are the longest. */
    public static PlanConfig defaults() {
        return new PlanConfig("", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    /** Checks ranges. */
    public PlanConfig {
        notNegative("flops", flops);
        notNegative("decodeFlops", decodeFlops);
        notNegative("memoryBandwidth", memoryBandwidth);
        notNegative("networkBandwidth", networkBandwidth);
        notNegative("rankBandwidth", rankBandwidth);
        notNegative("launchSeconds", launchSeconds);
        notNegative("memory", memory);
        notNegative("promptTokens", promptTokens);
        notNegative("completionTokens", completionTokens);
        notNegative("spread", spread);
        if (!(signalShare >= 0.001 && signalShare <= 1))
            throw new IllegalArgumentException("plan.signalShare " + signalShare + ", allowed 0.001 to 1");
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("plan." + name + " " + value + ", allowed >= 0");
    }
}
