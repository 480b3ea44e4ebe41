package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import io.tramontane.model.PolicyConfig;
import io.tramontane.rollout.CachePlan;
import io.tramontane.rollout.RolloutConfig;
import java.util.Locale;

/**
 * The KV caches of generators outside a training run: together at most half of the memory, so that weights and the system
 * have the rest. Fewer slots only take longer: what is sampled does not depend on them.
 *
 * @param wanted what the samples ask for, per generator
 * @param granted the same with the slots that fit
 */
record SlotPlan(int generators, CachePlan wanted, CachePlan granted) {
    private static final int SHARE = 2;

    static SlotPlan of(PolicyConfig policy, RolloutConfig config, int generators, long memory) {
        CachePlan wanted = CachePlan.of(policy, config);
        CachePlan granted = wanted.within(memory / SHARE / generators);
        if (granted.slots() == 0)
            throw new BadInputException(String.format(
                    Locale.ROOT,
                    "--max-tokens %d after prompts of %d: the KV cache of one sequence takes %,.1f MB, allowed %,.1f (half of the memory, %d generators)",
                    config.maxTokens(),
                    config.maxPromptTokens(),
                    wanted.slotBytes() / 1e6,
                    memory / SHARE / generators / 1e6,
                    generators));
        return new SlotPlan(generators, wanted, granted);
    }

    String text() {
        String line = granted.text() + (generators > 1 ? " x " + generators + " generators" : "");
        if (granted.slots() == wanted.slots()) return line;
        return line + ", instead of " + wanted.slots() + " slots: at most half of the memory";
    }
}
