package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.Generator;
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
 * @param each memory of one of them
 */
record SamplingPlan(List<GroupRequest> requests, RolloutConfig config, int workers, Share each) {
    /**
     * Memory of a generator.
     *
     * @param weights bytes, with the copy that is laid out for decoding where there is one
     * @param wanted KV cache with as many slots as the samples ask for
     * @param granted the same with the slots that fit
     */
    record Share(long weights, CachePlan wanted, CachePlan granted) {
        String text() {
            return String.format(Locale.ROOT, "weights %,.1f MB, %s", weights / 1e6, granted.text());
        }
    }

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
        long read = shape.parameters() * Float.BYTES;
        long weights = Generator.weightBytes(shape, most);
        int workers = Math.max(1, Math.min(means.workers(), requests.size()));
        while (!means.fixed() && workers > 1 && read + workers * weights > means.bytes() / 2) workers--;
        long sequences = requests.stream().mapToLong(GroupRequest::samples).sum();
        int slots = (int) Math.max(1, Math.min(most.slots(), (sequences + workers - 1) / workers));
        CachePlan wanted = CachePlan.of(shape, most.withSlots(slots));
        if (wanted.slotBytes() > means.bytes()) throw tooLong(most, wanted, means);
        long left = (means.bytes() - read) / workers - weights;
        CachePlan granted = wanted.within(Math.max(wanted.slotBytes(), left));
        Share each = new Share(weights, wanted, granted);
        return new SamplingPlan(requests, most.withSlots(granted.slots()), workers, each);
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
        String line = each.text() + (workers > 1 ? " x " + workers + " generators" : "");
        if (config.slots() == each.wanted().slots()) return line;
        return line + ", instead of " + each.wanted().slots() + " slots: weights and caches take half of the memory";
    }

    /** Completions per prompt. */
    int samples() {
        return requests.isEmpty() ? 0 : requests.get(0).samples();
    }
}
