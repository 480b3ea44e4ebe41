package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** json.dumps with ensure_ascii off: a blank after comma and colon, line breaks with an indent. */
final class JsonDump {
    private static final int MOST_NESTED = 60;

    private final int indent;
    private final String comma;
    private final String colon;
    private final boolean ascii;
    private final MarkedText.Builder text = new MarkedText.Builder();

    /** {@code indent} below 0: one line. */
    JsonDump(int indent, String comma, String colon, boolean ascii) {
        this.indent = indent;
        this.comma = comma;
        this.colon = colon;
        this.ascii = ascii;
    }

    MarkedText of(Object value) {
        write(value, 0);
        return text.build();
    }

    private void write(Object value, int depth) {
        if (depth > MOST_NESTED || text.length() > 4_000_000)
            throw new TemplateException("a value is too large to print");
        if (value == None.NONE) text.append("null");
        else if (value instanceof Boolean || value instanceof Long) text.append(value.toString());
        else if (value instanceof Double number) text.append(real(number));
        else if (value instanceof MarkedText string) string(string);
        else if (value instanceof List<?> list) list(list, depth);
        else if (value instanceof Map<?, ?> map) map(map, depth);
        else throw new TemplateException("Object of type Undefined is not JSON serializable");
    }

    private static String real(double number) {
        if (Double.isNaN(number)) return "NaN";
        return Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Python.real(number);
    }

    private void list(List<?> list, int depth) {
        text.append("[");
        boolean first = true;
        for (Object item : list) {
            between(first, depth + 1);
            write(item, depth + 1);
            first = false;
        }
        end(first, depth, "]");
    }

    private void map(Map<?, ?> map, int depth) {
        text.append("{");
        boolean first = true;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            between(first, depth + 1);
            string(key(entry.getKey()));
            text.append(colon);
            write(entry.getValue(), depth + 1);
            first = false;
        }
        end(first, depth, "}");
    }

    private void between(boolean first, int depth) {
        if (!first) text.append(comma);
        if (indent >= 0) text.append("\n").append(" ".repeat(indent * depth));
    }

    private void end(boolean empty, int depth, String bracket) {
        if (indent >= 0 && !empty) text.append("\n").append(" ".repeat(indent * depth));
        text.append(bracket);
    }

    /** json.dumps writes keys as texts: true, null and numbers as their values are written. */
    private static MarkedText key(Object key) {
        if (key instanceof MarkedText text) return text;
        if (key instanceof Boolean || key instanceof Long) return MarkedText.own(key.toString());
        if (key instanceof Double number) return MarkedText.own(real(number));
        if (key == None.NONE) return MarkedText.own("null");
        throw new TemplateException("keys must be str, int, float, bool or None, not " + Python.typeName(key));
    }

    private void string(MarkedText string) {
        text.append("\"");
        Python.escaped(string, text, this::escape);
        text.append("\"");
    }

    private String escape(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            default -> {
                if (c >= 32 && !(ascii && c > 126)) yield null;
                StringBuilder units = new StringBuilder();
                for (char unit : Character.toChars(c)) units.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                yield units.toString();
            }
        };
    }
}
