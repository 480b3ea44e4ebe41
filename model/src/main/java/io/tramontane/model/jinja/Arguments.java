package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;
import java.util.Map;

/** The values of a call's arguments, in order and by name. */
record Arguments(List<Object> values, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    int count() {
        return values.size() + named.size();
    }

    /** The argument in this place or of this name, else {@code otherwise}. */
    Object get(int place, String name, Object otherwise) {
        if (place < values.size()) return values.get(place);
        return named.getOrDefault(name, otherwise);
    }

    /** A text, or {@code otherwise} where there is none. */
    MarkedText text(int place, String name, String otherwise) {
        Object value = get(place, name, null);
        if (value == null || value == None.NONE) return otherwise == null ? null : MarkedText.own(otherwise);
        if (value instanceof MarkedText text) return text;
        throw new TemplateException(Python.typeName(value) + " where a str is needed");
    }

    /** The characters of a text. */
    String string(int place, String name, String otherwise) {
        MarkedText text = text(place, name, otherwise);
        return text == null ? null : text.string();
    }

    /** A whole number. */
    long whole(int place, String name, long otherwise) {
        Object value = get(place, name, null);
        return value == null ? otherwise : Python.integer(value);
    }

    boolean flag(int place, String name, boolean otherwise) {
        Object value = get(place, name, null);
        return value == null ? otherwise : Python.truth(value);
    }

    /** Without the first ones. */
    Arguments from(int place) {
        return new Arguments(values.subList(Math.min(place, values.size()), values.size()), named);
    }
}
