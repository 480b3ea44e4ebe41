package io.tramontane.model;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Where the bytes of some ranges of a vector lie, one range behind the other. */
public final class HeldBytes {
    private final List<VectorRange> ranges;
    private final NavigableMap<Long, Run> runs = new TreeMap<>(); // by first byte
    private final NavigableMap<Long, Run> lying = new TreeMap<>(); // by where they lie
    private final long bytes;

    /** Bytes from one of the vector on, up to another, and where they lie. */
    private record Run(long from, long end, long at) {}

    /**
     * Of some ranges.
     *
     * @param ranges in order, apart from each other or one right behind the other
     */
    public HeldBytes(List<VectorRange> ranges) {
        this.ranges = List.copyOf(ranges);
        long at = 0;
        for (VectorRange range : ranges) {
            long from = range.offset() * Float.BYTES;
            long end = range.end() * Float.BYTES;
            if (!runs.isEmpty() && from < runs.lastEntry().getValue().end())
                throw new IllegalArgumentException("ranges out of order: " + ranges);
            Run run = new Run(from, end, at);
            runs.put(from, run);
            lying.put(at, run);
            at += end - from;
        }
        bytes = at;
    }

    List<VectorRange> ranges() {
        return ranges;
    }

    /** Of all ranges. */
    public long bytes() {
        return bytes;
    }

    /** Where a byte of the vector lies. */
    long at(long offset) {
        Run run = run(offset);
        return run.at() + offset - run.from();
    }

    /** How many bytes of its range follow from a byte on, itself included. */
    long reach(long offset) {
        return run(offset).end() - offset;
    }

    private Run run(long offset) {
        var entry = runs.floorEntry(offset);
        if (entry == null || offset >= entry.getValue().end())
            throw new IllegalStateException("byte " + offset + " is not held here");
        return entry.getValue();
    }

    /** How many bytes from one on are not held; without an end behind the last range. */
    long gap(long offset) {
        var entry = runs.floorEntry(offset);
        if (entry != null && offset < entry.getValue().end()) return 0;
        Long next = runs.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next - offset;
    }

    /** Some bytes of the vector, one after the other. */
    public interface Taker {
        /** {@code count} bytes of the vector from {@code from} on. */
        void take(long from, int count);
    }

    /** Says which bytes of the vector lie in {@code count} bytes from {@code at} on. */
    public void forEach(long at, int count, Taker taker) {
        long place = at;
        int left = count;
        while (left > 0) {
            Run run = lying.floorEntry(place).getValue();
            long from = run.from() + place - run.at();
            int some = (int) Math.min(left, run.end() - from);
            taker.take(from, some);
            place += some;
            left -= some;
        }
    }
}
