package io.tramontane.model.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's tuple: a list that prints with round brackets and equals no list. */
final class Tuple extends ArrayList<Object> {
    private static final long serialVersionUID = 1;

    Tuple(List<?> items) {
        super(items);
    }

    static Tuple of(Object first, Object second) {
        Tuple pair = new Tuple(List.of());
        pair.add(first);
        pair.add(second);
        return pair;
    }
}
