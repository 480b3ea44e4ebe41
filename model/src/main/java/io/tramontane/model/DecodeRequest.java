package io.tramontane.model;

/**
 * The next tokens of slots 0 to R-1. Matrices are row by row. Arrays are not copied: do not write to them.
 *
 * @param newest [R] the newest token of each slot
 * @param positions [R] where that token stands in its sequence
 * @param uniforms [steps, R] random numbers in [0, 1)
 * @param greedy [R] whether the most likely token is taken
 * @param forced [steps, R] tokens that are imposed, -1 where the policy chooses
 */
public record DecodeRequest(long[] newest, long[] positions, float[] uniforms, boolean[] greedy, long[] forced) {
    /** Checks that the lengths agree. */
    public DecodeRequest {
        int rows = newest.length;
        if (rows == 0) throw new IllegalArgumentException("no slots to decode");
        if (positions.length != rows || greedy.length != rows)
            throw new IllegalArgumentException(
                    rows + " tokens, " + positions.length + " positions, " + greedy.length + " greedy flags");
        if (uniforms.length == 0 || uniforms.length % rows != 0 || forced.length != uniforms.length)
            throw new IllegalArgumentException(
                    uniforms.length + " uniforms and " + forced.length + " forced tokens for " + rows + " slots");
    }

    /** R. */
    public int rows() {
        return newest.length;
    }

    /** Tokens per slot. */
    public int steps() {
        return uniforms.length / newest.length;
    }
}
