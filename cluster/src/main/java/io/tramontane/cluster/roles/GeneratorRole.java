package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.rollout.GroupGenerator;

/**
 * Samples completions without ever waiting for the others (paper section 3.2). Everything that talks to another process
 * does so on threads behind {@link GeneratorLink}.
 *
 * <pre>
 *   compute thread:  swap? ─► submit leased groups ─► a step of evaluation ─► a step of decoding ─► hand over finished
 *   lease thread:    asks for groups whenever slots are free
 *   watch thread:    learns of new weights and evaluations, and pulls the weights
 *   sender thread:   delivers finished groups and reports, in order
 * </pre>
 */
public final class GeneratorRole {
    private GeneratorRole() {}

    /** Runs until the driver says stop. */
    public static void run(RunPlan plan, Holder me) {
        try (GeneratorLink link = new GeneratorLink(plan, me);
                GroupGenerator generator = plan.roles().generator(link.firstWeights(), link.tokenizer());
                Evaluator evaluator = new Evaluator(plan, link)) {
            link.started(generator);
            while (!link.stopped()) {
                link.decodes(generator.version());
                link.swapIfNewer(generator);
                link.submitLeased(generator);
                evaluator.advance();
                boolean rests = link.resting() || link.trainingOver() || generator.live() == 0;
                if (!rests) link.deliver(generator.step());
                else if (!evaluator.busy()) link.awaitWork();
            }
            link.spill(generator);
            link.deliverRest();
        }
    }
}
