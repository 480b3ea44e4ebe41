package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** All of Jinja's tests, {@code value is name}. */
final class Tests {
    private static final Set<String> NAMES =
            Set.of(("!= < <= == > >= boolean callable defined divisibleby eq equalto escaped even false filter float "
                            + "ge greaterthan gt in integer iterable le lessthan lower lt mapping ne none number odd sameas "
                            + "sequence string test true undefined upper")
                    .split(" "));

    private Tests() {}

    static boolean of(String name, Object value, Arguments given) {
        Object other = given.get(0, "other", null);
        return switch (name) {
            case "defined" -> value != null;
            case "undefined" -> value == null;
            case "none" -> value == None.NONE;
            case "string" -> value instanceof MarkedText;
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" -> value == null || isSequence(value);
            case "boolean" -> value instanceof Boolean;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "callable" -> value instanceof Callable;
            case "filter" -> value instanceof MarkedText text && Filters.NAMES.contains(text.string());
            case "test" -> value instanceof MarkedText text && NAMES.contains(text.string());
            case "escaped" -> false;
            case "lower" -> lower(Python.str(value).string());
            case "upper" -> upper(Python.str(value).string());
            case "sameas" -> value == other || value instanceof Boolean && value.equals(other);
            default -> compared(name, value, other);
        };
    }

    private static boolean compared(String name, Object value, Object other) {
        return switch (name) {
            case "odd" -> Math.floorMod(Python.integer(value), 2L) == 1;
            case "even" -> Math.floorMod(Python.integer(value), 2L) == 0;
            case "divisibleby" -> {
                long by = Python.integer(other);
                if (by == 0) throw new TemplateException("modulo by zero");
                yield Python.integer(value) % by == 0;
            }
            case "equalto", "eq", "==" -> Python.equal(value, other);
            case "ne", "!=" -> !Python.equal(value, other);
            case "lt", "lessthan", "<" -> Python.compare(value, other) < 0;
            case "le", "<=" -> Python.compare(value, other) <= 0;
            case "gt", "greaterthan", ">" -> Python.compare(value, other) > 0;
            case "ge", ">=" -> Python.compare(value, other) >= 0;
            case "in" -> contains(other, value);
            default -> throw new TemplateException("unknown test " + name);
        };
    }

    private static boolean lower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    private static boolean upper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static boolean isSequence(Object value) {
        return value instanceof MarkedText || value instanceof List || value instanceof Map;
    }

    static boolean contains(Object in, Object value) {
        if (in == null) return false;
        if (in instanceof MarkedText text) {
            if (value instanceof MarkedText part) return text.string().contains(part.string());
            throw new TemplateException("'in <string>' requires string as left operand, not " + Python.typeName(value));
        }
        if (in instanceof Map<?, ?> map) return map.containsKey(value);
        if (in instanceof List<?> list) return list.stream().anyMatch(item -> Python.equal(item, value));
        throw new TemplateException(Python.typeName(in) + " is not iterable");
    }
}
