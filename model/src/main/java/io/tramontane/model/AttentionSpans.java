package io.tramontane.model;

import java.util.Arrays;

/**
 * Spans of neighbouring live slots that attend together. A span costs one call, and its slots times its longest sequence,
 * padding included. The cheapest cut into spans, by dynamic programming. Regions of a span's slots are neighbours of one
 * length.
 *
 * @param counts slots of each span
 * @param reaches positions that the span's longest sequence has
 * @param firsts where the region of the span's first slot begins
 * @param capacities length of the regions of the span's slots
 */
record AttentionSpans(long[] counts, long[] reaches, long[] firsts, long[] capacities) {
    /** A call costs about as much as attending to so many bytes of keys and values (25 microseconds, 5 GB/s, one core). */
    private static final long CALL_BYTES = 120_000;

    /**
     * @param at [R] the position of each slot's newest token
     * @param regions of the slots
     * @param bytes keys and values of one position in one layer
     */
    static AttentionSpans of(long[] at, CacheRegions regions, long bytes) {
        int live = at.length;
        long[] least = new long[live + 1]; // cost of the first slots
        int[] start = new int[live + 1]; // where the last span of the first slots starts
        for (int end = 1; end <= live; end++) {
            least[end] = Long.MAX_VALUE;
            long reach = 0;
            for (int from = end - 1; from >= 0 && (from == end - 1 || regions.continues(from + 1)); from--) {
                reach = Math.max(reach, at[from] + 1);
                long cost = least[from] + CALL_BYTES + (end - from) * reach * bytes;
                if (cost >= least[end]) continue;
                least[end] = cost;
                start[end] = from;
            }
        }
        int count = 0;
        for (int end = live; end > 0; end = start[end]) count++;
        AttentionSpans spans = new AttentionSpans(new long[count], new long[count], new long[count], new long[count]);
        for (int end = live; end > 0; end = start[end]) {
            spans.counts[--count] = end - start[end];
            spans.reaches[count] = Arrays.stream(at, start[end], end).max().getAsLong() + 1;
            spans.firsts[count] = regions.first(start[end]);
            spans.capacities[count] = regions.capacity(start[end]);
        }
        return spans;
    }
}
