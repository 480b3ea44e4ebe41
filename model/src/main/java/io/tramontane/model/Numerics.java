package io.tramontane.model;

/** Whether the tokens that are computed together with a token may change its numbers by rounding. */
public enum Numerics {
    /** Matrix products of any shape: fastest, and the same up to rounding. */
    FAST(0),
    /**
     * Matrix products of one shape only: decoding, scoring and training give the same bits in any batch (CPU, one
     * thread). The price is in docs/models.md.
     */
    BATCH_INVARIANT(32);

    private final int rows;

    Numerics(int rows) {
        this.rows = rows;
    }

    /** Rows of every matrix product, 0 if there may be any number. */
    int rows() {
        return rows;
    }
}
