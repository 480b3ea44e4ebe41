package io.tramontane.model;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;

/**
 * The next tokens of slots 0 to R-1. Matrices are row by row. Arrays are not copied: do not write to them.
 *
 * @param newest [R] the newest token of each slot
 * @param positions [R] where that token stands in its sequence
 * @param uniforms [steps, R] random numbers in [0, 1)
 * @param greedy [R] whether the most likely token is taken
 * @param forced [steps, R] tokens that are imposed, -1 where the policy chooses
 * @param sampling [R] of each slot; one where all have the same, empty where they have the session's
 * @param allowed [R] ids that may be chosen, null for a slot that may choose any; empty where all may
 * @param topLogprobs how many of the best tokens are told with their log-probabilities
 */
public record DecodeRequest(
        long[] newest,
        long[] positions,
        float[] uniforms,
        boolean[] greedy,
        long[] forced,
        List<SamplingParameters> sampling,
        List<BitSet> allowed,
        int topLogprobs) {
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
        if (sampling.size() > 1 && sampling.size() != rows || !allowed.isEmpty() && allowed.size() != rows)
            throw new IllegalArgumentException(rows + " slots, " + sampling.size() + " sampling parameters, "
                    + allowed.size() + " sets of allowed tokens");
        if (!allowed.isEmpty() && uniforms.length != rows)
            throw new IllegalArgumentException("allowed tokens hold for one step, asked for " + uniforms.length / rows);
        if (topLogprobs < 0) throw new IllegalArgumentException("topLogprobs " + topLogprobs + ", allowed >= 0");
        // All the same is the usual case, and a cheaper one.
        if (sampling.size() > 1 && Collections.frequency(sampling, sampling.get(0)) == rows)
            sampling = List.of(sampling.get(0));
    }

    /** Of slots that are sampled alike, as the session says. */
    public DecodeRequest(long[] newest, long[] positions, float[] uniforms, boolean[] greedy, long[] forced) {
        this(newest, positions, uniforms, greedy, forced, List.of(), List.of(), 0);
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
