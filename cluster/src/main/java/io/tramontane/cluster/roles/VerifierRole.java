package io.tramontane.cluster.roles;

import io.tramontane.cluster.ledger.Holder;
import io.tramontane.data.Problem.Kind;

/**
 * Scores groups. Programs have threads of their own, so that they never delay maths, and several groups of them are under
 * way, so that a slow one does not delay the others:
 *
 * <pre>
 *   maths thread      take, score, send
 *   programs threads  take, score, send; each group's programs run side by side, all share the cores in turn
 *   progress thread   tells the driver every second which groups made progress, so that slow ones do not count as lost
 * </pre>
 */
public final class VerifierRole {
    private static final int GROUPS_OF_PROGRAMS = 4;

    private VerifierRole() {}

    /** Runs until the driver says stop. */
    public static void run(RunPlan plan, Holder me) {
        try (VerifierLink link = new VerifierLink(plan, me);
                GroupVerifier verifier = plan.roles().verifier()) {
            link.startThread("progress", () -> reportProgress(link));
            for (int i = 0; i < GROUPS_OF_PROGRAMS; i++)
                link.startThread("programs-" + i, () -> score(link, verifier, Kind.CODE));
            score(link, verifier, Kind.MATH);
        }
    }

    private static void score(VerifierLink link, GroupVerifier verifier, Kind kind) {
        while (!link.stopped()) {
            for (VerifierLink.Task task : link.take(kind)) link.reward(task, verifier);
        }
    }

    private static void reportProgress(VerifierLink link) {
        while (!link.stopped()) link.reportProgress();
    }
}
