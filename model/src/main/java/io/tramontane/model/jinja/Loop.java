package io.tramontane.model.jinja;

import java.util.List;

/** The variable {@code loop}; in a recursive loop it can be called. */
final class Loop implements Attributes {
    private final List<Object> items;
    private final int depth;
    private final Callable recursion; // null: not recursive
    private int index = -1;
    private List<Object> lastValues;

    Loop(List<Object> items, int depth, Callable recursion) {
        this.items = items;
        this.depth = depth;
        this.recursion = recursion;
    }

    /** Goes to the next item; false if there is none. */
    boolean advance() {
        return ++index < items.size();
    }

    Object item() {
        return items.get(index);
    }

    Object recursion(Arguments given) {
        if (recursion == null) throw new TemplateException("the loop was not marked as recursive");
        return recursion.call(given);
    }

    @Override
    public Object attribute(String name) {
        int size = items.size();
        return switch (name) {
            case "index" -> (long) index + 1;
            case "index0" -> (long) index;
            case "revindex" -> (long) size - index;
            case "revindex0" -> (long) size - index - 1;
            case "length" -> (long) size;
            case "first" -> index == 0;
            case "last" -> index == size - 1;
            case "previtem" -> index > 0 ? items.get(index - 1) : null;
            case "nextitem" -> index < size - 1 ? items.get(index + 1) : null;
            case "depth" -> (long) depth;
            case "depth0" -> (long) depth - 1;
            case "cycle" -> (Callable) this::cycle;
            case "changed" -> (Callable) this::changed;
            default -> null;
        };
    }

    private Object cycle(Arguments given) {
        if (given.values().isEmpty()) throw new TemplateException("no items for cycling given");
        return given.values().get(index % given.values().size());
    }

    private Object changed(Arguments given) {
        if (lastValues != null && Python.equal(lastValues, given.values())) return false;
        lastValues = given.values();
        return true;
    }
}
