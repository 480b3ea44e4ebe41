package io.tramontane.model;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * How long this processor takes for products with some rows, by layout.
 *
 * @param nanos for each layout, one for each of {@link #ROWS}
 */
record LayoutTimes(Map<Layout, List<Long>> nanos) {
    /** Rows whose products are timed; any other number goes by the next smaller one. */
    static final List<Integer> ROWS = List.of(1, 2, 3, 4, 8, 32, 128);

    LayoutTimes {
        for (Layout layout : Layout.values())
            if (!nanos.containsKey(layout) || nanos.get(layout).size() != ROWS.size())
                throw new IllegalArgumentException("times of " + nanos + ", needed " + ROWS.size() + " of each layout");
    }

    /** Which of {@link #ROWS} a number of rows goes by. */
    static int point(int rows) {
        int point = 0;
        while (point + 1 < ROWS.size() && ROWS.get(point + 1) <= rows) point++;
        return point;
    }

    /** Whether products with so many rows are clearly faster in one layout than in another: by more than a tenth. */
    boolean faster(Layout one, Layout other, int rows) {
        return 1.1 * at(one, rows) < at(other, rows);
    }

    private long at(Layout layout, int rows) {
        return nanos.get(layout).get(point(rows));
    }

    /** A line for each layout: its name and the times. */
    String text() {
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        for (Layout layout : Layout.values()) {
            StringJoiner words = new StringJoiner(" ").add(layout.name());
            nanos.get(layout).forEach(time -> words.add(time.toString()));
            lines.add(words.toString());
        }
        return lines.toString();
    }

    /** What {@link #text} wrote; anything else is refused. */
    static LayoutTimes of(String text) {
        Map<Layout, List<Long>> nanos = new EnumMap<>(Layout.class);
        for (String line : text.strip().split("\n")) {
            String[] words = line.split(" ");
            nanos.put(
                    Layout.valueOf(words[0]),
                    Arrays.stream(words).skip(1).map(Long::valueOf).toList());
        }
        return new LayoutTimes(nanos);
    }
}
