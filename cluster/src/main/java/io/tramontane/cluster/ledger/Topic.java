package io.tramontane.cluster.ledger;

import io.tramontane.data.Problem;

/** What a waiting thread waits for: a change wakes only those whose answer it may change. */
public enum Topic {
    /** A generator may get groups. */
    LEASES,
    /** A verifier may get maths. */
    MATHS,
    /** A verifier may get programs. */
    CODE,
    /** The trainer may get a batch. */
    BATCHES,
    /** There are new weights or evaluations, generators rest or go on, or the run ends. */
    NEWS;

    /** Groups of a kind to score. */
    static Topic of(Problem.Kind kind) {
        return kind == Problem.Kind.MATH ? MATHS : CODE;
    }
}
