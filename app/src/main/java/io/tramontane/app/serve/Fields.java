package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Fields of a JSON object that a client sent, with their types and ranges checked. A field that is null counts as absent;
 * names that nobody asks for are ignored.
 *
 * @param node the object
 * @param where how messages call it, with a dot behind it: "" or "messages[0]."
 */
record Fields(JsonNode node, String where) {
    /** Of a value that must be an object. */
    static Fields of(JsonNode node, String name) {
        if (!node.isObject()) throw wrong(name, node, "an object");
        return new Fields(node, name.isEmpty() ? "" : name + ".");
    }

    private static ApiError wrong(String name, JsonNode node, String allowed) {
        String found = node.isMissingNode() || node.isNull() ? "is missing" : Texts.shortened(node);
        String what = name.isEmpty() ? "the body" : name;
        return ApiError.field(name.isEmpty() ? null : name, what + " " + found + ", allowed " + allowed);
    }

    /** The error for a field: its value is none of what is allowed. */
    ApiError wrong(String name, String allowed) {
        return wrong(where + name, node.path(name), allowed);
    }

    /** Whether it is there. */
    boolean has(String name) {
        return node.hasNonNull(name);
    }

    /** As it is; missing if it is null. */
    JsonNode value(String name) {
        JsonNode value = node.path(name);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    /** A string. */
    String text(String name, String absent) {
        JsonNode value = value(name);
        if (value.isMissingNode() && absent != null) return absent;
        if (!value.isTextual()) throw wrong(name, "a string");
        return value.textValue();
    }

    /** One of some strings. */
    String oneOf(String name, String absent, Collection<String> allowed) {
        String text = text(name, absent);
        if (text.equals(absent) || allowed.contains(text)) return text;
        throw wrong(name, String.join(", ", allowed));
    }

    /** true or false. */
    boolean flag(String name, boolean absent) {
        JsonNode value = value(name);
        if (value.isMissingNode()) return absent;
        if (!value.isBoolean()) throw wrong(name, "true or false");
        return value.booleanValue();
    }

    /** A number within bounds. */
    double number(String name, double absent, double least, double most) {
        JsonNode value = value(name);
        if (value.isMissingNode()) return absent;
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= least && number <= most))
            throw wrong(name, "a number from " + plain(least) + " to " + plain(most));
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** A whole number within bounds. */
    int whole(String name, int absent, int least, int most) {
        JsonNode value = value(name);
        if (value.isMissingNode()) return absent;
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most)
            throw wrong(name, "a whole number from " + least + (most == Integer.MAX_VALUE ? "" : " to " + most));
        return value.intValue();
    }

    /** A whole number of 64 bits. */
    OptionalLong wholeLong(String name) {
        JsonNode value = value(name);
        if (value.isMissingNode()) return OptionalLong.empty();
        if (!value.isIntegralNumber() || !value.canConvertToLong()) throw wrong(name, "a whole number of 64 bits");
        return OptionalLong.of(value.longValue());
    }

    /** The elements of an array; none if it is absent. */
    List<JsonNode> list(String name, int most) {
        JsonNode value = value(name);
        if (value.isMissingNode()) return List.of();
        if (!value.isArray()) throw wrong(name, "an array");
        if (value.size() > most)
            throw ApiError.field(
                    where + name, where + name + " has " + value.size() + " elements, allowed at most " + most);
        List<JsonNode> all = new java.util.ArrayList<>(value.size());
        value.forEach(all::add);
        return all;
    }

    /** An object; null if it is absent. */
    Fields object(String name) {
        JsonNode value = value(name);
        return value.isMissingNode() ? null : of(value, where + name);
    }
}
