package io.tramontane.rewards.math;

/**
 * An interval of real numbers; a point where both ends are the same. A null end is infinite.
 *
 * @param lowClosed whether the end belongs to it; never for infinite ends
 */
record RealInterval(Value low, Value high, boolean lowClosed, boolean highClosed) {
    RealInterval {
        lowClosed &= low != null;
        highClosed &= high != null;
    }

    static RealInterval point(Value value) {
        return new RealInterval(value, value, true, true);
    }

    boolean isEmpty() {
        if (low == null || high == null) return false;
        int order = low.compare(high);
        return order > 0 || order == 0 && !(lowClosed && highClosed);
    }

    /** Which starts first; a closed start before an open one. */
    int compareStart(RealInterval other) {
        if (low == null || other.low == null) return low == other.low ? 0 : low == null ? -1 : 1;
        int order = low.compare(other.low);
        return order != 0 ? order : Boolean.compare(other.lowClosed, lowClosed);
    }

    /** Which ends first; an open end before a closed one. */
    int compareEnd(RealInterval other) {
        if (high == null || other.high == null) return high == other.high ? 0 : high == null ? 1 : -1;
        int order = high.compare(other.high);
        return order != 0 ? order : Boolean.compare(highClosed, other.highClosed);
    }

    /** Whether nothing lies between the end of this one and the start of the next. */
    boolean touches(RealInterval next) {
        if (high == null || next.low == null) return true;
        int order = high.compare(next.low);
        return order > 0 || order == 0 && (highClosed || next.lowClosed);
    }

    RealInterval joined(RealInterval next) {
        boolean longer = compareEnd(next) >= 0;
        return new RealInterval(low, longer ? high : next.high, lowClosed, longer ? highClosed : next.highClosed);
    }

    RealInterval common(RealInterval other) {
        RealInterval start = compareStart(other) >= 0 ? this : other;
        RealInterval end = compareEnd(other) <= 0 ? this : other;
        return new RealInterval(start.low, end.high, start.lowClosed, end.highClosed);
    }

    boolean same(RealInterval other) {
        return compareStart(other) == 0 && compareEnd(other) == 0;
    }
}
