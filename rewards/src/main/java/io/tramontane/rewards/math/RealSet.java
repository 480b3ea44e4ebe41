package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.List;

/** A set of real numbers as disjoint pieces in order: two are equal when their pieces are. At most {@link #MAX_PIECES}. */
record RealSet(List<Piece> pieces) {
    static final int MAX_PIECES = 60;
    static final RealSet ALL = new RealSet(List.of(new Piece(null, null, false, false)));

    static RealSet of(List<Piece> anyOrder) {
        if (anyOrder.size() > MAX_PIECES) throw new UndecidableException("more than " + MAX_PIECES + " intervals");
        List<Piece> ordered = new ArrayList<>(anyOrder);
        ordered.removeIf(Piece::isEmpty);
        ordered.sort(Piece::compareStart);
        List<Piece> joined = new ArrayList<>();
        for (Piece next : ordered) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).touches(next))
                joined.set(last, joined.get(last).joined(next));
            else joined.add(next);
        }
        return new RealSet(List.copyOf(joined));
    }

    RealSet union(RealSet other) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(other.pieces);
        return of(all);
    }

    RealSet intersection(RealSet other) {
        List<Piece> common = new ArrayList<>();
        for (Piece one : pieces) for (Piece two : other.pieces) common.add(one.common(two));
        common.removeIf(Piece::isEmpty);
        return of(common);
    }

    RealSet complement() {
        List<Piece> gaps = new ArrayList<>();
        Value low = null;
        boolean closed = false;
        boolean open = true;
        for (Piece piece : pieces) {
            if (piece.low() != null) gaps.add(new Piece(low, piece.low(), closed, !piece.lowClosed()));
            low = piece.high();
            closed = !piece.highClosed();
            open = low != null;
        }
        if (open) gaps.add(new Piece(low, null, closed, false));
        return of(gaps);
    }

    /** All x with |x| in this set. */
    RealSet ofAbsoluteValues() {
        List<Piece> mirrored = new ArrayList<>();
        RealSet positive = intersection(new RealSet(List.of(new Piece(Value.of(0), null, true, false))));
        for (Piece piece : positive.pieces) {
            mirrored.add(piece);
            Value low = piece.high() == null ? null : piece.high().negated();
            mirrored.add(new Piece(low, piece.low().negated(), piece.highClosed(), piece.lowClosed()));
        }
        return of(mirrored);
    }

    /** All x with slope x + shift in this set; the slope is not zero. */
    RealSet preimage(Value slope, Value shift) {
        List<Piece> moved = new ArrayList<>();
        for (Piece piece : pieces) {
            Value low = piece.low() == null ? null : piece.low().minus(shift).dividedBy(slope);
            Value high = piece.high() == null ? null : piece.high().minus(shift).dividedBy(slope);
            moved.add(
                    slope.isNegative()
                            ? new Piece(high, low, piece.highClosed(), piece.lowClosed())
                            : new Piece(low, high, piece.lowClosed(), piece.highClosed()));
        }
        return of(moved);
    }

    boolean same(RealSet other) {
        if (pieces.size() != other.pieces.size()) return false;
        for (int i = 0; i < pieces.size(); i++) if (!pieces.get(i).same(other.pieces.get(i))) return false;
        return true;
    }
}
