package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Group;
import io.tramontane.data.Problem.Kind;

/** Scores groups. Code has a thread of its own, so that slow programs never delay maths. */
public final class VerifierRole {
    private VerifierRole() {}

    /** Runs until the driver says stop. */
    public static void run(RunPlan plan, Holder me) {
        try (VerifierLink link = new VerifierLink(plan, me);
                Scorer scorer = plan.rooms().scorer()) {
            link.beside(() -> score(link, scorer, Kind.CODE));
            score(link, scorer, Kind.MATH);
        }
    }

    private static void score(VerifierLink link, Scorer scorer, Kind kind) {
        while (!link.stopped()) {
            for (Group group : link.take(kind)) link.reward(group, scorer);
        }
    }
}
