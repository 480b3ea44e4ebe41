package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Items, attributes and slices of values. Java properties and methods are never among them. */
final class Values {
    private Values() {}

    /** value.name: a method before an item, as Jinja looks them up. */
    static Object attribute(Object value, MarkedText name, RenderBudget budget) {
        Object method = Methods.bound(value, name.string(), budget);
        return method != null ? method : item(value, name);
    }

    /** value[key] where no method is meant. */
    static Object item(Object value, Object key, RenderBudget budget) {
        if (key instanceof MarkedText name && !(value instanceof Map<?, ?> map && map.containsKey(key))) {
            Object method = Methods.bound(value, name.string(), budget);
            if (method != null) return method;
        }
        return item(value, key);
    }

    /** An item or an attribute that is data; undefined when there is none. */
    static Object item(Object value, Object key) {
        if (value instanceof Map<?, ?> map) return map.get(key);
        if (value instanceof Attributes parts && key instanceof MarkedText name) return parts.attribute(name.string());
        if (value == null) throw new TemplateException(Python.typeName(value) + " has no " + Python.repr(key));
        if (!(key instanceof Long at)) return null;
        if (value instanceof List<?> list) {
            long place = at < 0 ? at + list.size() : at;
            return place >= 0 && place < list.size() ? list.get((int) place) : null;
        }
        if (!(value instanceof MarkedText text)) return null;
        String string = text.string();
        int points = string.codePointCount(0, string.length());
        long place = at < 0 ? at + points : at;
        if (place < 0 || place >= points) return null;
        int from = string.offsetByCodePoints(0, (int) place);
        return text.sub(from, string.offsetByCodePoints(from, 1));
    }

    /** value[start:stop:step]. */
    static Object slice(Object value, Object start, Object stop, Object step, RenderBudget budget) {
        if (value instanceof MarkedText text) {
            String string = text.string();
            int[] places = Python.slice(string.codePointCount(0, string.length()), start, stop, step);
            if (places.length == 0) return MarkedText.EMPTY;
            int[] offsets = offsets(string);
            if (places[places.length - 1] - places[0] == places.length - 1)
                return budget.text(text.sub(offsets[places[0]], offsets[places[places.length - 1] + 1]));
            MarkedText.Builder part = new MarkedText.Builder();
            for (int place : places) part.append(text, offsets[place], offsets[place + 1]);
            return budget.text(part.build());
        }
        if (value == null) throw new TemplateException("an undefined value cannot be sliced");
        if (!(value instanceof List<?> list)) return null;
        List<Object> part = new ArrayList<>();
        for (int place : Python.slice(list.size(), start, stop, step)) part.add(list.get(place));
        budget.list(part);
        return list instanceof Tuple ? new Tuple(part) : part;
    }

    /** Where each code point starts, and the end. */
    private static int[] offsets(String string) {
        int[] offsets = new int[string.codePointCount(0, string.length()) + 1];
        for (int i = 0, at = 0; i < offsets.length - 1; i++) {
            offsets[i] = at;
            at += Character.charCount(string.codePointAt(at));
        }
        offsets[offsets.length - 1] = string.length();
        return offsets;
    }
}
