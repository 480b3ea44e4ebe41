package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters of lists and dicts. */
record ListFilters(RenderBudget budget) {
    /** A group of {@code groupby}: a pair whose sides have names. */
    private static final class Group extends java.util.AbstractList<Object> implements Attributes {
        private final Object grouper;
        private final List<Object> members;

        Group(Object grouper, List<Object> members) {
            this.grouper = grouper;
            this.members = members;
        }

        @Override
        public Object get(int index) {
            return List.of(grouper == null ? None.NONE : grouper, members).get(index);
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public Object attribute(String name) {
            return name.equals("grouper") ? grouper : name.equals("list") ? members : null;
        }
    }

    Object apply(String name, Object value, Arguments given) {
        return switch (name) {
            case "items" -> value == null ? List.of() : Filters.pairs(budget, map(value));
            case "dictsort" -> dictsort(map(value), given);
            case "reverse" -> reverse(value);
            default -> list(name, budget.list(Python.items(value)), given);
        };
    }

    private Object list(String name, List<Object> items, Arguments given) {
        return switch (name) {
            case "list" -> items;
            case "first" -> items.isEmpty() ? null : items.get(0);
            case "last" -> items.isEmpty() ? null : items.get(items.size() - 1);
            case "join" -> {
                Object between = given.get(0, "d", MarkedText.EMPTY);
                yield Filters.join(
                        budget, attributes(items, given.get(1, "attribute", null)), Python.str(between), false);
            }
            case "map" -> map(items, given);
            case "select", "reject" -> select(items, given, null, name.equals("select"));
            case "selectattr", "rejectattr" ->
                select(items, given.from(1), given.get(0, "attribute", null), name.equals("selectattr"));
            case "sort" -> sorted(items, given);
            case "unique" -> unique(items, given);
            case "min", "max" -> extreme(items, given, name.equals("min") ? 1 : -1);
            case "sum" -> sum(items, given);
            case "batch" -> batch(items, given);
            case "slice" -> slice(items, given);
            case "groupby" -> groupby(items, given);
            default -> throw new TemplateException("unknown filter " + name);
        };
    }

    private static Map<?, ?> map(Object value) {
        if (value instanceof Map<?, ?> map) return map;
        throw new TemplateException(Python.typeName(value) + " where a dict is needed");
    }

    private List<Object> dictsort(Map<?, ?> map, Arguments given) {
        boolean exact = given.flag(0, "case_sensitive", false);
        int side = given.string(1, "by", "key").equals("value") ? 1 : 0;
        List<Object> pairs = Filters.pairs(budget, map);
        Comparator<Object> order =
                (a, b) -> Python.compare(folded(((Tuple) a).get(side), exact), folded(((Tuple) b).get(side), exact));
        pairs.sort(given.flag(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    private Object reverse(Object value) {
        List<Object> items = budget.list(Python.items(value));
        Collections.reverse(items);
        return value instanceof MarkedText ? Filters.join(budget, items, MarkedText.EMPTY, false) : items;
    }

    private static List<Object> attributes(List<Object> items, Object attribute) {
        if (attribute == null || attribute == None.NONE) return items;
        List<Object> values = new ArrayList<>();
        for (Object item : items) values.add(attribute(item, attribute));
        return values;
    }

    /** attribute="a.b.0": items step by step. */
    private static Object attribute(Object item, Object path) {
        Object value = item;
        if (!(path instanceof MarkedText text)) return Values.item(item, path);
        for (String part : text.string().split("\\."))
            value = part.matches("\\d{1,9}")
                    ? Values.item(value, Long.valueOf(part))
                    : Values.item(value, MarkedText.own(part));
        return value;
    }

    private List<Object> map(List<Object> items, Arguments given) {
        List<Object> mapped = new ArrayList<>();
        Object attribute = given.values().isEmpty() ? given.named().get("attribute") : null;
        if (attribute == null && given.values().isEmpty())
            throw new TemplateException("map requires a filter argument");
        for (Object item : items) {
            budget.step();
            if (attribute != null) {
                Object value = attribute(item, attribute);
                mapped.add(value == null ? given.named().get("default") : value);
            } else mapped.add(new Filters(budget).apply(given.string(0, "name", ""), item, given.from(1)));
        }
        return mapped;
    }

    private List<Object> select(List<Object> items, Arguments given, Object attribute, boolean keep) {
        String test = given.string(0, "test", null);
        List<Object> kept = new ArrayList<>();
        for (Object item : items) {
            budget.step();
            Object value = attribute == null ? item : attribute(item, attribute);
            boolean passes = test == null ? Python.truth(value) : Tests.of(test, value, given.from(1));
            if (passes == keep) kept.add(item);
        }
        return kept;
    }

    private static List<Object> sorted(List<Object> items, Arguments given) {
        Object attribute = given.get(2, "attribute", null);
        boolean exact = given.flag(1, "case_sensitive", false);
        Comparator<Object> order = (a, b) -> {
            if (!(attribute instanceof MarkedText several) || !several.string().contains(","))
                return Python.compare(key(a, attribute, exact), key(b, attribute, exact));
            for (String one : several.string().split(",")) {
                int sign = Python.compare(
                        key(a, MarkedText.own(one.strip()), exact), key(b, MarkedText.own(one.strip()), exact));
                if (sign != 0) return sign;
            }
            return 0;
        };
        List<Object> sorted = new ArrayList<>(items);
        sorted.sort(given.flag(0, "reverse", false) ? order.reversed() : order);
        return sorted;
    }

    private static Object key(Object item, Object attribute, boolean exact) {
        boolean itself = attribute == null || attribute == None.NONE;
        return folded(itself ? item : attribute(item, attribute), exact);
    }

    private static Object folded(Object value, boolean exact) {
        return value instanceof MarkedText text && !exact ? text.changed(s -> s.toLowerCase(Locale.ROOT)) : value;
    }

    private static List<Object> unique(List<Object> items, Arguments given) {
        boolean exact = given.flag(0, "case_sensitive", false);
        Map<Object, Object> seen = new LinkedHashMap<>();
        for (Object item : items) seen.putIfAbsent(key(item, given.get(1, "attribute", null), exact), item);
        return new ArrayList<>(seen.values());
    }

    private static Object extreme(List<Object> items, Arguments given, int sign) {
        boolean exact = given.flag(0, "case_sensitive", false);
        Object attribute = given.get(1, "attribute", null);
        Object best = null;
        for (Object item : items)
            if (best == null || sign * Python.compare(key(item, attribute, exact), key(best, attribute, exact)) < 0)
                best = item;
        return best;
    }

    private Object sum(List<Object> items, Arguments given) {
        Object sum = given.get(1, "start", 0L);
        for (Object item : attributes(items, given.get(0, "attribute", null)))
            sum = new Operators(budget).apply("+", sum, item);
        return sum;
    }

    private List<Object> batch(List<Object> items, Arguments given) {
        long size = given.whole(0, "linecount", 0);
        if (size < 1 || size > 100_000) throw new TemplateException("batch: " + size + ", allowed 1 to 100000");
        Object fill = given.get(1, "fill_with", None.NONE);
        List<Object> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += (int) size) {
            List<Object> batch = new ArrayList<>(items.subList(from, (int) Math.min(items.size(), from + size)));
            if (fill != None.NONE) {
                budget.items(size);
                while (batch.size() < size) batch.add(fill);
            }
            batches.add(batch);
        }
        return batches;
    }

    private List<Object> slice(List<Object> items, Arguments given) {
        long count = given.whole(0, "slices", 0);
        if (count < 1 || count > 100_000) throw new TemplateException("slice: " + count + ", allowed 1 to 100000");
        Object fill = given.get(1, "fill_with", None.NONE);
        int each = items.size() / (int) count;
        int longer = items.size() % (int) count;
        budget.items(count);
        List<Object> slices = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Object> slice = new ArrayList<>(items.subList(from, to));
            if (fill != None.NONE && i >= longer) slice.add(fill);
            slices.add(slice);
            from = to;
        }
        return slices;
    }

    private List<Object> groupby(List<Object> items, Arguments given) {
        Object attribute = given.get(0, "attribute", null);
        Object otherwise = given.get(1, "default", null);
        boolean exact = given.flag(2, "case_sensitive", false);
        List<Object[]> keyed = new ArrayList<>();
        for (Object item : items) {
            Object value = attribute(item, attribute);
            keyed.add(new Object[] {value == null ? otherwise : value, item});
        }
        keyed.sort((a, b) -> Python.compare(folded(a[0], exact), folded(b[0], exact)));
        List<Object> groups = new ArrayList<>();
        List<Object> members = null;
        Object last = null;
        for (Object[] pair : keyed) {
            if (members == null || !Python.equal(folded(last, exact), folded(pair[0], exact))) {
                members = new ArrayList<>();
                groups.add(new Group(pair[0], members));
            }
            last = pair[0];
            members.add(pair[1]);
        }
        return groups;
    }

    static Object sortedKeys(Object value, int depth) {
        if (depth > 60) throw new TemplateException("a value is too large to print");
        if (value instanceof List<?> list) {
            List<Object> items = new ArrayList<>();
            for (Object item : list) items.add(sortedKeys(item, depth + 1));
            return items;
        }
        if (!(value instanceof Map<?, ?> map)) return value;
        List<Object> keys = new ArrayList<>(map.keySet());
        keys.sort(Python::compare);
        Map<Object, Object> sorted = new LinkedHashMap<>();
        for (Object key : keys) sorted.put(key, sortedKeys(map.get(key), depth + 1));
        return sorted;
    }
}
