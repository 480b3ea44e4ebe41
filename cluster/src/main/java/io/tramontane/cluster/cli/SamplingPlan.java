package io.tramontane.cluster.cli;

import com.sun.management.OperatingSystemMXBean;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What a command samples and how. The number of generators and of their slots follows the machine's memory; what is sampled
 * does not depend on them.
 *
 * @param requests one group per prompt, all of the same number of samples
 * @param config for every generator
 * @param workers generators, one thread each
 */
record SamplingPlan(List<GroupRequest> requests, RolloutConfig config, int workers) {
    /** A generator holds its weights, and again as matrices packed for fast products. */
    private static final int WEIGHTS_PER_WORKER = 2;

    /** How completions are drawn. */
    record Drawing(int samples, double temperature, double topP) {}

    /**
     * What the machine has to give.
     *
     * @param workers generators that are wanted
     * @param fixed exactly so many, whatever they need
     * @param bytes memory for weights and KV caches
     */
    record Means(int workers, boolean fixed, long bytes) {
        /** A generator per core, or as many as the user said, in half of the memory. */
        static Means ofThisMachine(Integer threads) {
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            int workers = threads == null ? system.getAvailableProcessors() : threads;
            return new Means(workers, threads != null, system.getTotalMemorySize() / 2);
        }
    }

    /** As many generators and slots as fit, at least one of each and no more slots than {@code most} has. */
    static SamplingPlan of(PolicyConfig shape, List<GroupRequest> requests, RolloutConfig most, Means means) {
        long weights = shape.parameters() * Float.BYTES;
        int workers = Math.max(1, Math.min(means.workers(), requests.size()));
        while (!means.fixed() && workers > 1 && held(weights, workers) > means.bytes() / 2) workers--;
        long positions = (long) most.maxPromptTokens() + most.maxTokens() + most.decodeSteps();
        long slot = 2L * Float.BYTES * shape.layers() * shape.keyValueHeads() * shape.headSize() * positions;
        long sequences = requests.stream().mapToLong(GroupRequest::samples).sum();
        long fits = (means.bytes() - held(weights, workers)) / workers / slot;
        long slots = Math.min(Math.min(most.slots(), (sequences + workers - 1) / workers), fits);
        RolloutConfig config = new RolloutConfig(
                most.groupSize(),
                (int) Math.max(1, slots),
                most.decodeSteps(),
                most.maxPromptTokens(),
                most.maxTokens(),
                most.temperature(),
                most.topP(),
                most.batchInvariant(),
                most.prefillTokens());
        return new SamplingPlan(requests, config, workers);
    }

    /** Bytes of weights: those that were read, and those of every generator. */
    private static long held(long weights, int workers) {
        return weights * (1 + WEIGHTS_PER_WORKER * workers);
    }

    /** Completions per prompt. */
    int samples() {
        return requests.isEmpty() ? 0 : requests.get(0).samples();
    }
}
