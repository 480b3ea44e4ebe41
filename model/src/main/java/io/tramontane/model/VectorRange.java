package io.tramontane.model;

import java.util.Optional;

/**
 * A piece of theta or of any vector of its size.
 *
 * @param offset first number
 * @param length how many numbers
 */
public record VectorRange(long offset, long length) {
    /** Checks the sides. */
    public VectorRange {
        if (offset < 0 || length < 1)
            throw new IllegalArgumentException("range of " + length + " numbers from " + offset);
    }

    /** The first number behind it. */
    public long end() {
        return offset + length;
    }

    /** What lies in both; empty where nothing does. */
    public Optional<VectorRange> and(VectorRange other) {
        long from = Math.max(offset, other.offset);
        long to = Math.min(end(), other.end());
        return from < to ? Optional.of(new VectorRange(from, to - from)) : Optional.empty();
    }
}
