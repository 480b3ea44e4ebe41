package io.tramontane.model;

import io.tramontane.model.PackedSequences.Segment;
import java.util.List;

/**
 * Index arrays that gather queries and keys of short segments as matrices, padded to the longest: shapes as in attention.py.
 *
 * <p>Legend: N tokens, S segments (prompts and completions), Q longest segment, K longest segment with its prompt in front.
 * Matrices are row by row.
 *
 * @param query [S, Q] int64, indices into N, 0 where a segment is shorter
 * @param key [S, K] int64, indices into N, the prompt first
 * @param prompt [S] int64, how many keys belong to the prompt in front
 * @param back [N] int64, where each token lies in the flattened [S, Q]
 */
record PaddedSegments(long[] query, long[] key, long[] prompt, long[] back) {
    /** Of segments that lie end to end. */
    static PaddedSegments of(List<Segment> segments) {
        int longest = 1;
        int reach = 1;
        int tokens = 0;
        for (Segment segment : segments) {
            longest = Math.max(longest, segment.length());
            reach = Math.max(reach, segment.keys());
            tokens += segment.length();
        }
        int count = segments.size();
        PaddedSegments padded = new PaddedSegments(
                new long[Math.multiplyExact(count, longest)],
                new long[Math.multiplyExact(count, reach)],
                new long[count],
                new long[tokens]);
        for (int s = 0; s < count; s++) padded.fill(s, segments.get(s), longest, reach);
        return padded;
    }

    private void fill(int s, Segment segment, int longest, int reach) {
        prompt[s] = segment.promptLength();
        for (int i = 0; i < segment.promptLength(); i++) key[s * reach + i] = segment.promptStart() + i;
        for (int i = 0; i < segment.length(); i++) {
            int at = segment.start() + i;
            query[s * longest + i] = at;
            key[s * reach + segment.promptLength() + i] = at;
            back[at] = (long) s * longest + i;
        }
    }

    /** Q. */
    int longest() {
        return query.length / prompt.length;
    }

    /** K. */
    int reach() {
        return key.length / prompt.length;
    }
}
