package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import java.util.List;

/**
 * Greedy completions of held-out problems by one exact version, a few tokens at a time between the generator's own steps,
 * in a sampler of its own. Ids of its groups are negative, see {@link EvaluationIds}.
 */
final class Evaluator implements AutoCloseable {
    private final RunPlan plan;
    private final GeneratorLink link;
    private Sampler sampler;

    Evaluator(RunPlan plan, GeneratorLink link) {
        this.plan = plan;
        this.link = link;
    }

    /** True while there is something to do without waiting. */
    boolean busy() {
        return sampler != null;
    }

    /** Begins what was ordered, or goes on with it. */
    void advance() {
        if (sampler == null) link.nextEvaluation().ifPresent(this::begin);
        if (sampler == null) return;
        List<Group> finished = sampler.step();
        link.deliver(finished);
        if (sampler.live() == 0) end();
    }

    private void begin(GeneratorLink.Work work) {
        sampler = plan.rooms().sampler(work.weights());
        Messages.Order order = work.order();
        int problems =
                link.prompts().evaluationProblems(plan.config().evaluation().problems());
        for (int index = 0; index < problems; index++) {
            sampler.submit(link.prompts().evaluation(EvaluationIds.of(order.number(), false, index), index));
            if (order.forced())
                link.prompts()
                        .forced(EvaluationIds.of(order.number(), true, index), index)
                        .ifPresent(sampler::submit);
        }
    }

    private void end() {
        sampler.close();
        sampler = null;
    }

    @Override
    public void close() {
        if (sampler != null) end();
    }
}
