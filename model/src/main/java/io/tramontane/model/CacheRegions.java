package io.tramontane.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the keys and values of each slot lie in the cache, in positions. Either every slot has a region of the longest
 * sequence for good, or all share fewer positions: a region is then 64, 128, 256, ... positions long, at most the longest,
 * is reserved when its sequence needs it and moves when that one outgrows it. Where the free positions are in pieces that are
 * too short, all regions are packed anew; so only their number decides what fits. Arithmetic only: who owns the memory
 * carries the moves out.
 */
final class CacheRegions {
    private static final int SHORTEST = 64;

    private final long size;
    private final int longest;
    private final boolean fixed;
    private final long[] firsts;
    private final int[] capacities;

    /** What lies in one region goes to another one; regions of several moves may overlap. */
    record Move(long from, int fromCapacity, long to, int toCapacity) {}

    private CacheRegions(int slots, int longest, long size, boolean fixed) {
        this.size = size;
        this.longest = longest;
        this.fixed = fixed;
        this.firsts = new long[slots];
        this.capacities = new int[slots];
    }

    /** Every slot has room for the longest sequence. */
    static CacheRegions fixed(int slots, int longest) {
        CacheRegions regions = new CacheRegions(slots, longest, (long) slots * longest, true);
        Arrays.setAll(regions.firsts, slot -> (long) slot * longest);
        Arrays.fill(regions.capacities, longest);
        return regions;
    }

    /** All slots share {@code size} positions, which must be enough for one longest sequence. */
    static CacheRegions shared(int slots, int longest, long size) {
        if (size < longest)
            throw new IllegalArgumentException(
                    "a cache of " + size + " positions, the longest sequence has " + longest);
        return new CacheRegions(slots, longest, size, false);
    }

    /** Whether every slot has its region for good. */
    boolean isFixed() {
        return fixed;
    }

    /** All positions. */
    long size() {
        return size;
    }

    /** Length of the region for a sequence of so many positions. */
    int capacityFor(int positions) {
        if (positions > longest)
            throw new IllegalArgumentException(positions + " positions, the longest sequence has " + longest);
        long capacity = fixed ? longest : SHORTEST;
        while (capacity < positions) capacity *= 2;
        return (int) Math.min(capacity, longest);
    }

    /** Positions in no slot's region. */
    long free() {
        return size - Arrays.stream(capacities).asLongStream().sum();
    }

    long first(int slot) {
        return firsts[slot];
    }

    /** 0 for a slot without a region. */
    int capacity(int slot) {
        return capacities[slot];
    }

    /** Whether a slot's sequence can have so many positions. */
    boolean fits(int slot, int positions) {
        return capacityFor(positions) <= capacities[slot] + free();
    }

    /** Gives a slot a region for so many positions, which must fit; what it holds goes with it. */
    List<Move> reserve(int slot, int positions) {
        int capacity = capacityFor(positions);
        if (capacity <= capacities[slot]) return List.of();
        if (!fits(slot, positions))
            throw new IllegalStateException(capacity + " positions for slot " + slot + ", " + free() + " are free");
        long[] oldFirsts = firsts.clone();
        int[] oldCapacities = capacities.clone();
        capacities[slot] = 0;
        long gap = gap(capacity);
        capacities[slot] = capacity;
        if (gap >= 0) firsts[slot] = gap;
        else pack();
        List<Move> moves = new ArrayList<>();
        for (int each = 0; each < firsts.length; each++)
            if (oldCapacities[each] > 0 && (firsts[each] != oldFirsts[each] || capacities[each] != oldCapacities[each]))
                moves.add(new Move(oldFirsts[each], oldCapacities[each], firsts[each], capacities[each]));
        return moves;
    }

    /** Start of the shortest gap of at least so many positions, the first of equal ones; -1 if there is none. */
    private long gap(int capacity) {
        long best = -1;
        long least = Long.MAX_VALUE;
        long start = 0;
        for (int slot : inOrder()) {
            long length = firsts[slot] - start;
            if (length >= capacity && length < least) {
                best = start;
                least = length;
            }
            start = firsts[slot] + capacities[slot];
        }
        return size - start >= capacity && size - start < least ? start : best;
    }

    /** Slots that have a region, as these lie in the cache. */
    private int[] inOrder() {
        return IntStream.range(0, firsts.length)
                .filter(slot -> capacities[slot] > 0)
                .boxed()
                .sorted(Comparator.comparingLong(slot -> firsts[slot]))
                .mapToInt(slot -> slot)
                .toArray();
    }

    /** The longest regions first, so that equal ones are neighbours, and without gaps. */
    private void pack() {
        long start = 0;
        List<Integer> slots = new ArrayList<>(Arrays.stream(inOrder()).boxed().toList());
        slots.sort(Comparator.comparingInt(slot -> -capacities[slot]));
        for (int slot : slots) {
            firsts[slot] = start;
            start += capacities[slot];
        }
    }

    /** A slot's positions are free again. Nothing where regions are for good. */
    void release(int slot) {
        if (!fixed) capacities[slot] = 0;
    }

    /** A slot without a region takes over another one's; false where regions are for good. */
    boolean hand(int source, int target) {
        if (fixed) return false;
        firsts[target] = firsts[source];
        capacities[target] = capacities[source];
        capacities[source] = 0;
        return true;
    }

    /** Renumbers the first slots as their regions lie in the cache; returns [rows] the number that each had before. */
    int[] arrange(int rows) {
        int[] order = IntStream.range(0, rows)
                .boxed()
                .sorted(Comparator.comparingLong(slot -> firsts[slot]))
                .mapToInt(slot -> slot)
                .toArray();
        long[] oldFirsts = firsts.clone();
        int[] oldCapacities = capacities.clone();
        for (int row = 0; row < rows; row++) {
            firsts[row] = oldFirsts[order[row]];
            capacities[row] = oldCapacities[order[row]];
        }
        return order;
    }

    /** Whether a slot's region is as long as the one of the slot before and begins where that one ends. */
    boolean continues(int slot) {
        return capacities[slot] == capacities[slot - 1] && firsts[slot] == firsts[slot - 1] + capacities[slot - 1];
    }
}
