package io.tramontane.model.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only value that a template can change. */
final class Namespace implements Attributes {
    private static final int MOST = 10_000;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Namespace(Map<?, ?> start) {
        start.forEach((name, value) -> put(Python.str(name).string(), value));
    }

    @Override
    public Object attribute(String name) {
        return values.get(name);
    }

    void put(String name, Object value) {
        values.put(name, value);
        if (values.size() > MOST) throw new TemplateException("more than " + MOST + " names in a namespace");
    }
}
