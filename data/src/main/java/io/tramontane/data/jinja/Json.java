package io.tramontane.data.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** json.dumps with ensure_ascii off: a blank after comma and colon, line breaks with an indent. */
final class Json {
    private static final int MOST_NESTED = 60;

    private final int indent;
    private final String comma;
    private final String colon;
    private final boolean ascii;
    private final StringBuilder text = new StringBuilder();

    /** {@code indent} below 0: one line. */
    Json(int indent, String comma, String colon, boolean ascii) {
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.ascii = ascii;
    }

    String of(Object value) {
        write(value, 0);
        return text.toString();
    }

    private void write(Object value, int depth) {
        if (depth > MOST_NESTED || text.length() > 4_000_000) throw new Refusal("a value is too large to print");
        if (value == None.NONE) text.append("null");
        else if (value instanceof Boolean || value instanceof Long) text.append(value);
        else if (value instanceof Double number) text.append(real(number));
        else if (value instanceof String string) string(string);
        else if (value instanceof List<?> list) list(list, depth);
        else if (value instanceof Map<?, ?> map) map(map, depth);
        else throw new Refusal("Object of type Undefined is not JSON serializable");
    }

    private static String real(double number) {
        if (Double.isNaN(number)) return "NaN";
        return Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Python.real(number);
    }

    private void list(List<?> list, int depth) {
        text.append('[');
        boolean first = true;
        for (Object item : list) {
            between(first, depth + 1);
            write(item, depth + 1);
            first = false;
        }
        end(first, depth, ']');
    }

    private void map(Map<?, ?> map, int depth) {
        text.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            between(first, depth + 1);
            string(String.valueOf(entry.getKey()));
            text.append(colon);
            write(entry.getValue(), depth + 1);
            first = false;
        }
        end(first, depth, '}');
    }

    private void between(boolean first, int depth) {
        if (!first) text.append(comma);
        if (indent >= 0) text.append('\n').append(" ".repeat(indent * depth));
    }

    private void end(boolean empty, int depth, char bracket) {
        if (indent >= 0 && !empty) text.append('\n').append(" ".repeat(indent * depth));
        text.append(bracket);
    }

    private void string(String string) {
        text.append('"');
        string.chars().forEach(c -> {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < 32 || ascii && c > 126) text.append(String.format(Locale.ROOT, "\\u%04x", c));
                    else text.append((char) c);
                }
            }
        });
        text.append('"');
    }
}
