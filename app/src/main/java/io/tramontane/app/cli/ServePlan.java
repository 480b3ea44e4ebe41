package io.tramontane.app.cli;

import io.tramontane.app.serve.Served;
import io.tramontane.data.BadInputException;
import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.RolloutConfig;

/**
 * Slots and context of a server: as many slots as are wanted and fit into half of the memory together with the weights. If
 * nobody asks for a context, it is halved until some slots fit.
 *
 * @param config of the generator
 * @param context longest prompt and completion together, in tokens
 * @param wanted slots that were wanted
 */
record ServePlan(RolloutConfig config, int context, int wanted) {
    static final int SLOTS = 64;
    private static final int CONTEXT = 32_768;
    private static final int SHORTEST = 2048;
    private static final int FEW = 8;

    /**
     * Plans.
     *
     * @param context as asked for; null for what fits
     */
    static ServePlan of(PolicyConfig shape, int slots, Integer context, Dtype dtype, Memory memory) {
        if (slots < 1) throw new BadInputException("--slots " + slots + ", allowed >= 1");
        if (context != null && (context < 2 || context > shape.positions()))
            throw new BadInputException(
                    "--max-context " + context + ", allowed 2 to " + shape.positions() + " (the model's positions)");
        int tokens = context != null ? context : Math.min(CONTEXT, shape.positions());
        ServePlan plan = fitting(shape, slots, tokens, dtype, memory);
        while (context == null && plan.config.slots() < Math.min(FEW, slots) && tokens / 2 >= SHORTEST) {
            tokens /= 2;
            plan = fitting(shape, slots, tokens, dtype, memory);
        }
        return plan;
    }

    private static ServePlan fitting(PolicyConfig shape, int slots, int context, Dtype dtype, Memory memory) {
        RolloutConfig config = Served.generator(slots, context, dtype);
        memory.check(shape, config);
        long room = memory.total() / 2 - Memory.held(shape, config, 1);
        int fit = CachePlan.of(shape, config).within(Math.max(room, 0)).slots();
        long slot = CachePlan.of(shape, config).slotBytes();
        if (fit == 0 && slot > memory.total() - Memory.held(shape, config, 1))
            throw new BadInputException("--max-context " + context + ": the KV cache of one sequence takes "
                    + Memory.megabytes(slot) + ", the weights leave "
                    + Memory.megabytes(Math.max(0, memory.total() - Memory.held(shape, config, 1))));
        return new ServePlan(config.withSlots(Math.max(1, fit)), context, slots);
    }

    /** For the console. */
    String text() {
        return config.slots() + " slots of " + context + " tokens"
                + (config.slots() < wanted
                        ? " instead of " + wanted + " (half of the memory is for weights and caches)"
                        : "");
    }
}
