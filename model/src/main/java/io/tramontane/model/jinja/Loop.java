package io.tramontane.model.jinja;

import java.util.List;

/** The variable {@code loop}; in a recursive loop it can be called. */
final class Loop implements Attributes {
    private final List<Object> items;
    private final int depth;
    private final Callable deeper; // null: not recursive
    private int turn = -1;
    private List<Object> seen;

    Loop(List<Object> items, int depth, Callable deeper) {
        this.items = items;
        this.depth = depth;
        this.deeper = deeper;
    }

    boolean turn() {
        return ++turn < items.size();
    }

    Object item() {
        return items.get(turn);
    }

    Object deeper(Arguments given) {
        if (deeper == null) throw new Refusal("the loop was not marked as recursive");
        return deeper.call(given);
    }

    @Override
    public Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> (long) turn + 1;
            case "index0" -> (long) turn;
            case "revindex" -> (long) size - turn;
            case "revindex0" -> (long) size - turn - 1;
            case "length" -> (long) size;
            case "first" -> turn == 0;
            case "last" -> turn == size - 1;
            case "previtem" -> turn > 0 ? items.get(turn - 1) : null;
            case "nextitem" -> turn < size - 1 ? items.get(turn + 1) : null;
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) this::changed;
            default -> null;
        };
    }

    private Object cycle(Arguments given) {
        if (given.values().isEmpty()) throw new Refusal("no items for cycling given");
        return given.values().get(turn % given.values().size());
    }

    private Object changed(Arguments given) {
        if (seen != null && Python.equal(seen, given.values())) return false;
        seen = given.values();
        return true;
    }
}
