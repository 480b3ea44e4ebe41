package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Methods of str, list, tuple and dict that do not change their object, as in Jinja's immutable sandbox. */
record Methods(RenderBudget budget) {
    private static final Set<String> MAP = Set.of("copy", "get", "items", "keys", "values");
    private static final Set<String> LIST = Set.of("copy", "count", "index");

    /** The method of that name as a value, null where a value has none. */
    static Callable bound(Object on, String name, RenderBudget budget) {
        boolean known = on instanceof MarkedText
                ? TextMethods.NAMES.contains(name)
                : on instanceof Map ? MAP.contains(name) : on instanceof List && LIST.contains(name);
        return known ? given -> new Methods(budget).call(name, on, given) : null;
    }

    Object call(String name, Object on, Arguments arguments) {
        if (on instanceof MarkedText text) return new TextMethods(budget).call(name, text, arguments);
        if (on instanceof Map<?, ?> map) return map(name, map, arguments);
        if (on instanceof List<?> list) return list(name, list, arguments);
        Object attribute = Values.item(on, MarkedText.own(name));
        if (attribute instanceof Callable callable) return callable.call(arguments);
        throw new TemplateException(Python.typeName(on) + " has no method " + name);
    }

    private Object map(String name, Map<?, ?> map, Arguments given) {
        return switch (name) {
            case "get" -> {
                Object key = given.get(0, "key", null);
                yield map.containsKey(key) ? map.get(key) : given.get(1, "default", None.NONE);
            }
            case "items" -> Filters.pairs(budget, map);
            case "keys" -> budget.list(new java.util.ArrayList<Object>(map.keySet()));
            case "values" -> budget.list(new java.util.ArrayList<Object>(map.values()));
            case "copy" -> map;
            default -> {
                if (map.get(MarkedText.own(name)) instanceof Callable callable) yield callable.call(given);
                throw new TemplateException("a dict has no method " + name + " here");
            }
        };
    }

    private static Object list(String name, List<?> list, Arguments given) {
        Object item = given.get(0, "value", null);
        return switch (name) {
            case "index" -> {
                for (int i = 0; i < list.size(); i++) if (Python.equal(list.get(i), item)) yield (long) i;
                throw new TemplateException("the value is not in the list");
            }
            case "count" -> list.stream().filter(i -> Python.equal(i, item)).count();
            case "copy" -> list;
            default -> throw new TemplateException(Python.typeName(list) + " has no method " + name + " here");
        };
    }
}
