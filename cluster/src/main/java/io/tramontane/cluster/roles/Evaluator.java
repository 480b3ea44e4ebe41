package io.tramontane.cluster.roles;

import io.tramontane.data.Group;
import io.tramontane.rollout.GroupGenerator;
import java.util.List;

/**
 * Completions of held-out problems by one exact version, a few tokens at a time between the generator's own steps, in a
 * generator of its own. There a group's number is the problem's position, as in the command {@code evaluate}, since random
 * numbers depend on it (and -1 - position for a forced opening, which is greedy); outside it is negative, see {@link
 * EvaluationIds}.
 */
final class Evaluator implements AutoCloseable {
    private final RunPlan plan;
    private final GeneratorLink link;
    private GroupGenerator generator;
    private int order;

    Evaluator(RunPlan plan, GeneratorLink link) {
        this.plan = plan;
        this.link = link;
    }

    /** True while there is something to do without waiting. */
    boolean busy() {
        return generator != null;
    }

    /** Begins an evaluation that was ordered, or makes a step of the one under way. */
    void advance() {
        if (generator == null) link.nextEvaluation().ifPresent(this::begin);
        if (generator == null) return;
        List<Group> finished = generator.step();
        link.deliver(finished.stream().map(this::numbered).toList());
        if (generator.live() == 0) end();
    }

    private void begin(GeneratorLink.Work work) {
        generator = plan.roles().evaluator(work.weights(), link.tokenizer());
        order = work.order().number();
        int problems =
                link.prompts().evaluationProblems(plan.config().evaluation().problems());
        for (int index = 0; index < problems; index++) {
            generator.submit(
                    link.prompts().evaluation(index, plan.config().evaluation().samples()));
            if (work.order().forced()) link.prompts().forced(-1 - index, index).ifPresent(generator::submit);
        }
    }

    private Group numbered(Group group) {
        boolean forced = group.id() < 0;
        int index = (int) (forced ? -1 - group.id() : group.id());
        long id = EvaluationIds.of(order, forced, index);
        return new Group(id, group.problem(), group.promptTokens(), group.completions());
    }

    private void end() {
        generator.close();
        generator = null;
    }

    @Override
    public void close() {
        if (generator != null) end();
    }
}
