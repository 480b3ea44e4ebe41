package io.tramontane.cluster.ledger;

/**
 * A step that was made.
 *
 * @param digest SHA-256 of theta after it
 * @param numerics names all that its bits depend on beside weights and batch; null where nobody promises the same bits
 */
public record MadeStep(String digest, String numerics) {
    /** True if the step, made again so, must have the same digest. */
    boolean isRepeatedBy(MadeStep again) {
        return numerics != null && numerics.equals(again.numerics);
    }
}
