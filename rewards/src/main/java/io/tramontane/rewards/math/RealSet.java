package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.List;

/** A set of real numbers as disjoint pieces in order: two are equal when their pieces are. At most {@link #MAX_PIECES}. */
record RealSet(List<RealInterval> pieces) {
    static final int MAX_PIECES = 60;
    static final RealSet ALL = new RealSet(List.of(new RealInterval(null, null, false, false)));

    static RealSet of(List<RealInterval> anyOrder) {
        if (anyOrder.size() > MAX_PIECES) throw new UndecidableException("more than " + MAX_PIECES + " intervals");
        List<RealInterval> ordered = new ArrayList<>(anyOrder);
        ordered.removeIf(RealInterval::isEmpty);
        ordered.sort(RealInterval::compareStart);
        List<RealInterval> joined = new ArrayList<>();
        for (RealInterval next : ordered) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).touches(next))
                joined.set(last, joined.get(last).joined(next));
            else joined.add(next);
        }
        return new RealSet(List.copyOf(joined));
    }

    RealSet union(RealSet other) {
        List<RealInterval> all = new ArrayList<>(pieces);
        all.addAll(other.pieces);
        return of(all);
    }

    RealSet intersection(RealSet other) {
        List<RealInterval> common = new ArrayList<>();
        for (RealInterval one : pieces) for (RealInterval two : other.pieces) common.add(one.common(two));
        common.removeIf(RealInterval::isEmpty);
        return of(common);
    }

    RealSet complement() {
        List<RealInterval> gaps = new ArrayList<>();
        Value low = null;
        boolean closed = false;
        boolean open = true;
        for (RealInterval piece : pieces) {
            if (piece.low() != null) gaps.add(new RealInterval(low, piece.low(), closed, !piece.lowClosed()));
            low = piece.high();
            closed = !piece.highClosed();
            open = low != null;
        }
        if (open) gaps.add(new RealInterval(low, null, closed, false));
        return of(gaps);
    }

    /** All x with |x| in this set. */
    RealSet ofAbsoluteValues() {
        List<RealInterval> mirrored = new ArrayList<>();
        RealSet positive = intersection(new RealSet(List.of(new RealInterval(Value.of(0), null, true, false))));
        for (RealInterval piece : positive.pieces) {
            mirrored.add(piece);
            Value low = piece.high() == null ? null : piece.high().negated();
            mirrored.add(new RealInterval(low, piece.low().negated(), piece.highClosed(), piece.lowClosed()));
        }
        return of(mirrored);
    }

    /** All x with slope x + shift in this set; the slope is not zero. */
    RealSet preimage(Value slope, Value shift) {
        List<RealInterval> moved = new ArrayList<>();
        for (RealInterval piece : pieces) {
            Value low = piece.low() == null ? null : piece.low().minus(shift).dividedBy(slope);
            Value high = piece.high() == null ? null : piece.high().minus(shift).dividedBy(slope);
            moved.add(
                    slope.isNegative()
                            ? new RealInterval(high, low, piece.highClosed(), piece.lowClosed())
                            : new RealInterval(low, high, piece.lowClosed(), piece.highClosed()));
        }
        return of(moved);
    }

    boolean same(RealSet other) {
        if (pieces.size() != other.pieces.size()) return false;
        for (int i = 0; i < pieces.size(); i++) if (!pieces.get(i).same(other.pieces.get(i))) return false;
        return true;
    }
}
