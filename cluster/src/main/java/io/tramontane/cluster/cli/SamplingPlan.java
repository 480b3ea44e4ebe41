package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.util.List;
import java.util.Locale;

/**
 * What a command samples and how. The number of generators and of their slots follows the machine's memory; what is sampled
 * does not depend on them.
 *
 * @param requests one group per prompt, all of the same number of samples
 * @param config for every generator
 * @param workers generators, one thread each
 * @param wanted KV cache of a generator with as many slots as the samples ask for
 * @param granted the same with the slots that fit
 */
record SamplingPlan(
        List<GroupRequest> requests, RolloutConfig config, int workers, CachePlan wanted, CachePlan granted) {
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
            int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
            return new Means(workers, threads != null, Memory.total() / 2);
        }
    }

    /** As many generators and slots as fit, at least one of each and no more slots than {@code most} has. */
    static SamplingPlan of(PolicyConfig shape, List<GroupRequest> requests, RolloutConfig most, Means means) {
        long weights = shape.parameters() * Float.BYTES;
        int workers = Math.max(1, Math.min(means.workers(), requests.size()));
        while (!means.fixed() && workers > 1 && held(weights, workers) > means.bytes() / 2) workers--;
        long sequences = requests.stream().mapToLong(GroupRequest::samples).sum();
        int slots = (int) Math.max(1, Math.min(most.slots(), (sequences + workers - 1) / workers));
        CachePlan wanted = CachePlan.of(shape, most.withSlots(slots));
        if (wanted.slotBytes() > means.bytes()) throw tooLong(most, wanted, means);
        CachePlan granted =
                wanted.within(Math.max(wanted.slotBytes(), (means.bytes() - held(weights, workers)) / workers));
        return new SamplingPlan(requests, most.withSlots(granted.slots()), workers, wanted, granted);
    }

    private static BadInputException tooLong(RolloutConfig config, CachePlan wanted, Means means) {
        return new BadInputException(String.format(
                Locale.ROOT,
                "--max-tokens %d after prompts of %d: the KV cache of one sequence takes %,.1f MB, allowed %,.1f (half of the memory)",
                config.maxTokens(),
                config.maxPromptTokens(),
                wanted.slotBytes() / 1e6,
                means.bytes() / 1e6));
    }

    /** One line for a person. */
    String text() {
        String line = granted.text() + (workers > 1 ? " x " + workers + " generators" : "");
        if (granted.slots() == wanted.slots()) return line;
        return line + ", instead of " + wanted.slots() + " slots: weights and caches take half of the memory";
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
