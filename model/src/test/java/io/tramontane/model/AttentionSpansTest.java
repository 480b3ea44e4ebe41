package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class AttentionSpansTest {
    /** Bytes of a position: then a call of its own costs as much as 120 positions. */
    private static final long BYTES = 1000;

    private static void check(long[] counts, long[] reaches, long... at) {
        AttentionSpans spans = AttentionSpans.of(at, CacheRegions.fixed(at.length, 1000), BYTES);
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

    @Test
    void aSpanEndsWhereTheNextRegionIsNoNeighbourOrOfAnotherLength() {
        CacheRegions regions = CacheRegions.shared(5, 500, 2000);
        for (int slot = 0; slot < 3; slot++) regions.reserve(slot, 64);
        regions.reserve(3, 128);
        regions.reserve(4, 128);
        AttentionSpans one = AttentionSpans.of(new long[] {9, 9, 9, 99, 99}, regions, BYTES);
        assertArrayEquals(new long[] {3, 2}, one.counts());
        assertArrayEquals(new long[] {10, 100}, one.reaches());
        assertArrayEquals(new long[] {0, 192}, one.firsts());
        assertArrayEquals(new long[] {64, 128}, one.capacities());
        regions.release(1);
        regions.hand(2, 1); // positions 64 to 128 are free
        AttentionSpans gap = AttentionSpans.of(new long[] {9, 9}, regions, BYTES);
        assertArrayEquals(new long[] {1, 1}, gap.counts());
        assertArrayEquals(new long[] {0, 128}, gap.firsts());
    }
}
