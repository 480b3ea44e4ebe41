package io.tramontane.model;

import java.util.Optional;

/**
 * In which layout a generator's products are computed, by their rows. Beside the plain matrices it may hold one copy.
 * Without measured times, and where none is clearly faster, the rule is that of the machine on which both were compared first
 * (Ice Lake, docs/models.md): the copy for one slot, and for 3 to 128 rows.
 *
 * @param copy layout of the copy; {@link Layout#PLAIN}: there is none
 * @param slots sequences that are decoded at the same time
 * @param times as measured, if they were
 */
record LayoutChoice(Layout copy, int slots, Optional<LayoutTimes> times) {
    private static final int MIN_ROWS = 3;
    private static final int MAX_ROWS = 128;

    /** Nothing but plain matrices. */
    static LayoutChoice plain(int slots) {
        return new LayoutChoice(Layout.PLAIN, slots, Optional.empty());
    }

    /** The faster one of both copies, if some number of live slots is then decoded from it. */
    static LayoutChoice of(int slots, Optional<LayoutTimes> times) {
        boolean columns = slots == 1
                && !times.map(known -> known.faster(Layout.BLOCKS, Layout.COLUMNS, 1))
                        .orElse(false);
        LayoutChoice choice = new LayoutChoice(columns ? Layout.COLUMNS : Layout.BLOCKS, slots, times);
        for (int rows = 1; rows <= Math.min(slots, MAX_ROWS); rows++) if (choice.takesCopy(rows)) return choice;
        return plain(slots);
    }

    /** Whether products with so many rows take the copy. */
    boolean takesCopy(int rows) {
        if (copy == Layout.PLAIN || rows > MAX_ROWS) return false;
        boolean usual = slots == 1 || rows >= MIN_ROWS;
        if (times.isEmpty()) return usual;
        return usual
                ? !times.get().faster(Layout.PLAIN, copy, rows)
                : times.get().faster(copy, Layout.PLAIN, rows);
    }
}
