package io.tramontane.cluster.ledger;

/**
 * How often tasks died that had a group. A process may be killed from outside while it has a group alone, so one such death
 * proves nothing: the group is guilty only when it was there at three deaths, at two of them alone. Three is also what the
 * task's own failures allow without progress, so that one guilty group never ends the run.
 *
 * <p>The ledger does not record them, and the next driver counts from 0. What kills is a text, not a group's number, and after
 * --resume a group is sampled again by other weights; where it is the same text (spilled, or without lag) the next driver finds
 * out with three deaths as well.
 */
final class Deaths {
    private static final int GUILTY = 3;
    private static final int GUILTY_ALONE = 2;

    private int all;
    private int alone;

    /** Its holder died; {@code wasAlone} says that it had nothing else. */
    void count(boolean wasAlone) {
        all++;
        if (wasAlone) alone++;
    }

    int all() {
        return all;
    }

    /** True when the group is what ends its holders. */
    boolean prove() {
        return all >= GUILTY && alone >= GUILTY_ALONE;
    }
}
