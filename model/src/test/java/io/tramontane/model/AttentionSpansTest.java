package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class AttentionSpansTest {
    /** Bytes of a position: then a call of its own costs as much as 120 positions. */
    private static final long BYTES = 1000;

    private static void check(long[] counts, long[] reaches, long... at) {
        AttentionSpans spans = AttentionSpans.of(at, BYTES);
        assertArrayEquals(counts, spans.counts());
        assertArrayEquals(reaches, spans.reaches());
    }

    @Test
    void slotsOfSimilarLengthAttendTogether() {
        check(new long[] {4}, new long[] {121}, 100, 110, 90, 120); // padding 20 + 10 + 30 is less than a call
    }

    @Test
    void aLongSequenceAttendsAlone() {
        // together 4 x 501 = 2004 positions; apart 3 x 101 + 501 + 3 calls of 120 = 1164
        check(new long[] {2, 1, 1}, new long[] {101, 501, 101}, 100, 100, 500, 100);
    }

    @Test
    void paddingOfOneCallIsTheLimit() {
        check(new long[] {2}, new long[] {120}, 0, 119); // together 240 + 120, apart 1 + 120 + 240: one more
        check(new long[] {1, 1}, new long[] {1, 122}, 0, 121); // together 244 + 120, apart 1 + 122 + 240: one less
    }

    @Test
    void oneSlotIsOneSpan() {
        check(new long[] {1}, new long[] {8}, 7);
    }
}
