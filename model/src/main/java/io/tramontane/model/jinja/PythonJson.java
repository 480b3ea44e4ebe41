package io.tramontane.model.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/** JSON as Python's {@code json.dumps(value, ensure_ascii=False)} writes it: a blank behind comma and colon, Python's numbers. */
public final class PythonJson {
    private PythonJson() {}

    /** The text of a value. */
    public static String dumps(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(JsonNode value, StringBuilder text) {
        if (value.isObject()) {
            text.append('{');
            for (Iterator<Map.Entry<String, JsonNode>> all = value.properties().iterator(); all.hasNext(); ) {
                Map.Entry<String, JsonNode> each = all.next();
                string(each.getKey(), text);
                write(each.getValue(), text.append(": "));
                if (all.hasNext()) text.append(", ");
            }
            text.append('}');
        } else if (value.isArray()) {
            text.append('[');
            for (int i = 0; i < value.size(); i++) write(value.get(i), i == 0 ? text : text.append(", "));
            text.append(']');
        } else if (value.isTextual()) string(value.textValue(), text);
        else if (value.isFloatingPointNumber()) text.append(real(value.doubleValue()));
        else text.append(value.asText());
    }

    private static String real(double number) {
        if (Double.isNaN(number)) return "NaN";
        return Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity" : Python.real(number);
    }

    private static void string(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> text.append(c < 32 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        text.append('"');
    }
}
