package io.tramontane.app.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.Generator;
import io.tramontane.rollout.GroupRequest;
import io.tramontane.rollout.RolloutConfig;
import java.util.List;

/**
 * The requests of a sampling command and how they are run. The numbers of generators and slots follow from the machine's
 * memory; the completions do not depend on them. Where a model that is not small has fewer generators than
 * threads, since there are few prompts or little memory, their operators take several: last digits of log-probabilities depend on that.
 *
 * @param requests one group per prompt, all of the same number of samples
 * @param config for every generator
 * @param workers generators
 * @param threads of each generator's operators
 * @param perGenerator memory of one generator
 */
record SamplingPlan(
        List<GroupRequest> requests, RolloutConfig config, int workers, int threads, GeneratorMemory perGenerator) {
    /**
     * Memory of a generator.
     *
     * @param weights bytes, with the copy that is laid out for decoding where there is one
     * @param wanted KV cache with as many slots as the samples ask for
     * @param granted the same with the slots that fit
     */
    record GeneratorMemory(long weights, CachePlan wanted, CachePlan granted) {
        String text() {
            return "weights " + Memory.megabytes(weights) + ", " + granted.text();
        }
    }

    /** Sampling parameters: completions per prompt, temperature and nucleus. */
    record Parameters(int samples, double temperature, double topP) {}

    /**
     * What a command may use of the machine.
     *
     * @param threads that are wanted: as many generators, where there are prompts and memory for them
     * @param fixed true if no generator may be left out for lack of memory
     * @param memory of the machine: half of it is for weights and KV caches, more only where not even one slot fits
     */
    record Resources(int threads, boolean fixed, Memory memory) {
        /** A thread per core, or as many as the user said. */
        static Resources ofThisMachine(Integer threads) {
            int wanted = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
            return new Resources(wanted, threads != null, Memory.ofThisMachine());
        }

        long half() {
            return memory.total() / 2;
        }
    }

    /** As many generators and slots as fit, at least one of each and no more slots than {@code most} has. */
    static SamplingPlan of(PolicyConfig shape, List<GroupRequest> requests, RolloutConfig most, Resources resources) {
        resources.memory().check(shape, most);
        long slot = CachePlan.of(shape, most).slotBytes();
        if (slot > Math.min(resources.half(), room(shape, most, 1, resources))) throw tooLong(shape, most, resources);
        int workers = Math.max(1, Math.min(resources.threads(), requests.size()));
        while (!resources.fixed()
                && workers > 1
                && (Memory.held(shape, most, workers) > resources.half() / 2
                        || workers * slot > room(shape, most, workers, resources))) workers--;
        if (workers * slot > room(shape, most, workers, resources)) throw tooMany(shape, most, workers, resources);
        long sequences = requests.stream().mapToLong(GroupRequest::samples).sum();
        int slots = (int) Math.max(1, Math.min(most.slots(), (sequences + workers - 1) / workers));
        CachePlan wanted = CachePlan.of(shape, most.withSlots(slots));
        long left = resources.half() - Memory.held(shape, most, workers);
        CachePlan granted = wanted.within(Math.max(slot, left / workers));
        GeneratorMemory perGenerator = new GeneratorMemory(Generator.weightBytes(shape, most), wanted, granted);
        int threads = most.batchInvariant() ? 1 : OperatorThreads.of(shape, resources.threads() / workers);
        return new SamplingPlan(requests, most.withSlots(granted.slots()), workers, threads, perGenerator);
    }

    /** Bytes for caches, if all of the machine's memory is taken. */
    private static long room(PolicyConfig shape, RolloutConfig config, int workers, Resources resources) {
        return resources.memory().total() - Memory.held(shape, config, workers);
    }

    private static BadInputException tooLong(PolicyConfig shape, RolloutConfig config, Resources resources) {
        long room = room(shape, config, 1, resources);
        return new BadInputException("--max-tokens " + config.maxTokens() + " after prompts of "
                + config.maxPromptTokens() + ": the KV cache of one sequence takes "
                + Memory.megabytes(CachePlan.of(shape, config).slotBytes()) + ", allowed "
                + Memory.megabytes(Math.min(resources.half(), room))
                + (room < resources.half() ? " (what the weights leave of the memory)" : " (half of the memory)"));
    }

    private static BadInputException tooMany(
            PolicyConfig shape, RolloutConfig config, int workers, Resources resources) {
        long slot = CachePlan.of(shape, config).slotBytes();
        int most = workers;
        while (most > 1 && most * slot > room(shape, config, most, resources)) most--;
        return new BadInputException("--threads " + workers + ": the generators take "
                + Memory.megabytes(Memory.held(shape, config, workers) + workers * slot) + " of weights and caches, "
                + "this machine has " + Memory.megabytes(resources.memory().total()) + ", allowed <= " + most);
    }

    /** One line for the console. */
    String text() {
        String line = perGenerator.text()
                + (workers > 1 ? " x " + workers + " generators" : "")
                + (threads > 1 ? ", operators of " + threads + " threads" : "");
        if (config.slots() == perGenerator.wanted().slots()) return line;
        return line + ", instead of " + perGenerator.wanted().slots()
                + " slots: half of the memory is for weights and caches";
    }

    /** Completions per prompt. */
    int samples() {
        return requests.isEmpty() ? 0 : requests.get(0).samples();
    }
}
