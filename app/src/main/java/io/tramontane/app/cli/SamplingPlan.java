package io.tramontane.app.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.util.List;

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
            return "weights " + Memory.megabytes(weights) + ", " + granted.text();
        }
    }

    /** How completions are drawn. */
    record Drawing(int samples, double temperature, double topP) {}

    /**
     * What the machine has to give.
     *
     * @param workers generators that are wanted
     * @param fixed exactly so many, or none
     * @param memory of the machine: half of it is for weights and KV caches, more only where not even one slot fits
     */
    record Means(int workers, boolean fixed, Memory memory) {
        /** A generator per core, or as many as the user said. */
        static Means ofThisMachine(Integer threads) {
            int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
            return new Means(workers, threads != null, Memory.ofThisMachine());
        }

        long half() {
            return memory.total() / 2;
        }
    }

    /** As many generators and slots as fit, at least one of each and no more slots than {@code most} has. */
    static SamplingPlan of(PolicyConfig shape, List<GroupRequest> requests, RolloutConfig most, Means means) {
        means.memory().check(shape, most);
        long slot = CachePlan.of(shape, most).slotBytes();
        if (slot > Math.min(means.half(), room(shape, most, 1, means))) throw tooLong(shape, most, means);
        int workers = Math.max(1, Math.min(means.workers(), requests.size()));
        while (!means.fixed()
                && workers > 1
                && (Memory.held(shape, most, workers) > means.half() / 2
                        || workers * slot > room(shape, most, workers, means))) workers--;
        if (workers * slot > room(shape, most, workers, means)) throw tooMany(shape, most, workers, means);
        long sequences = requests.stream().mapToLong(GroupRequest::samples).sum();
        int slots = (int) Math.max(1, Math.min(most.slots(), (sequences + workers - 1) / workers));
        CachePlan wanted = CachePlan.of(shape, most.withSlots(slots));
        long left = means.half() - Memory.held(shape, most, workers);
        CachePlan granted = wanted.within(Math.max(slot, left / workers));
        Share each = new Share(Generator.weightBytes(shape, most), wanted, granted);
        return new SamplingPlan(requests, most.withSlots(granted.slots()), workers, each);
    }

    /** Bytes for caches, if all of the machine's memory is taken. */
    private static long room(PolicyConfig shape, RolloutConfig config, int workers, Means means) {
        return means.memory().total() - Memory.held(shape, config, workers);
    }

    private static BadInputException tooLong(PolicyConfig shape, RolloutConfig config, Means means) {
        long room = room(shape, config, 1, means);
        return new BadInputException("--max-tokens " + config.maxTokens() + " after prompts of "
                + config.maxPromptTokens() + ": the KV cache of one sequence takes "
                + Memory.megabytes(CachePlan.of(shape, config).slotBytes()) + ", allowed "
                + Memory.megabytes(Math.min(means.half(), room))
                + (room < means.half() ? " (what the weights leave of the memory)" : " (half of the memory)"));
    }

    private static BadInputException tooMany(PolicyConfig shape, RolloutConfig config, int workers, Means means) {
        long slot = CachePlan.of(shape, config).slotBytes();
        int most = workers;
        while (most > 1 && most * slot > room(shape, config, most, means)) most--;
        return new BadInputException("--threads " + workers + ": so many generators take "
                + Memory.megabytes(Memory.held(shape, config, workers) + workers * slot) + " of weights and caches, "
                + "this machine has " + Memory.megabytes(means.memory().total()) + ", allowed <= " + most);
    }

    /** One line for a person. */
    String text() {
        String line = each.text() + (workers > 1 ? " x " + workers + " generators" : "");
        if (config.slots() == each.wanted().slots()) return line;
        return line + ", instead of " + each.wanted().slots() + " slots: half of the memory is for weights and caches";
    }

    /** Completions per prompt. */
    int samples() {
        return requests.isEmpty() ? 0 : requests.get(0).samples();
    }
}
