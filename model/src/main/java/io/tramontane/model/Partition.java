package io.tramontane.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How ranks divide a vector: it is cut into units, every unit into as many pieces of equal length as there are ranks; the last
 * ones are filled up with zeros. A rank's pieces lie one behind the other in a vector of its own, which has the same length on
 * all ranks.
 *
 * @param rank of the own pieces
 * @param count of ranks
 * @param units in the vector's order, without gaps
 */
record Partition(int rank, int count, List<VectorRange> units) {
    /** A cache line of numbers. */
    private static final long LINE = 16;

    /**
     * A piece of the own vector.
     *
     * @param at where it lies in the own vector
     * @param range what it holds
     */
    record Piece(long at, VectorRange range) {}

    /** One unit: a rank has one range of the vector. */
    static Partition whole(int rank, int count, long length) {
        return new Partition(rank, count, List.of(new VectorRange(0, length)));
    }

    /** Every piece of theta that a block reads is a unit. */
    static Partition ofBlocks(int rank, int count, PolicyConfig config) {
        return new Partition(
                rank,
                count,
                Block.of(config).stream()
                        .flatMap(block -> block.reads().stream())
                        .distinct()
                        .sorted(Comparator.comparingLong(VectorRange::offset))
                        .toList());
    }

    /** What each rank has of a unit, zeros behind it included. */
    long piece(int unit) {
        return roundUp((units.get(unit).length() + count - 1) / count);
    }

    private static long roundUp(long numbers) {
        return (numbers + LINE - 1) / LINE * LINE;
    }

    /** A unit with the zeros behind it. */
    long padded(int unit) {
        return count * piece(unit);
    }

    /** Where a unit's piece lies in the own vector. */
    long at(int unit) {
        long at = 0;
        for (int i = 0; i < unit; i++) at += piece(i);
        return at;
    }

    /** Length of the own vector. */
    long length() {
        return at(units.size());
    }

    /** What the own vector holds; pieces that hold nothing but zeros are left out. */
    List<Piece> pieces() {
        List<Piece> pieces = new ArrayList<>();
        long at = 0;
        for (int unit = 0; unit < units.size(); unit++) {
            VectorRange all = units.get(unit);
            long from = rank * piece(unit);
            long length = Math.min(piece(unit), all.length() - from);
            if (length > 0) pieces.add(new Piece(at, new VectorRange(all.offset() + from, length)));
            at += piece(unit);
        }
        return pieces;
    }

    /** The same, where it lies in the vector that is divided. */
    List<VectorRange> held() {
        return pieces().stream().map(Piece::range).toList();
    }
}
