package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Python's view of values. A value is null (undefined), {@link None}, Boolean, Long, Double, {@link MarkedText}, List
 * (perhaps a {@link Tuple}), Map, {@link Namespace} or {@link Callable}; lengths and positions in text count code points.
 */
final class Python {
    private static final int MOST_NESTED = 60;
    private static final int LONGEST_PRINT = 4_000_000;

    private Python() {}

    static boolean isSpace(int c) {
        return c >= 9 && c <= 13 || c >= 28 && c <= 32 || c == 0x85 || c == 0xa0 || Character.isSpaceChar(c);
    }

    static boolean truth(Object value) {
        if (value == null || value == None.NONE) return false;
        if (value instanceof Boolean flag) return flag;
        if (value instanceof Number number) return number.doubleValue() != 0;
        if (value instanceof MarkedText text) return !text.isEmpty();
        if (value instanceof List<?> list) return !list.isEmpty();
        if (value instanceof Map<?, ?> map) return !map.isEmpty();
        return true;
    }

    /** str(value); nothing for undefined. */
    static MarkedText str(Object value) {
        if (value == null) return MarkedText.EMPTY;
        return value instanceof MarkedText text ? text : repr(value);
    }

    static MarkedText repr(Object value) {
        MarkedText.Builder text = new MarkedText.Builder();
        repr(value, text, 0);
        return text.build();
    }

    private static void repr(Object value, MarkedText.Builder text, int depth) {
        if (depth > MOST_NESTED || text.length() > LONGEST_PRINT)
            throw new TemplateException("a value is too large to print");
        if (value instanceof MarkedText string) quoted(string, text);
        else if (value instanceof Boolean flag) text.append(flag ? "True" : "False");
        else if (value instanceof Double number) text.append(real(number));
        else if (value instanceof List<?> list) {
            boolean tuple = list instanceof Tuple;
            text.append(tuple ? "(" : "[");
            String comma = "";
            for (Object item : list) {
                repr(item, text.append(comma), depth + 1);
                comma = ", ";
            }
            text.append(tuple ? list.size() == 1 ? ",)" : ")" : "]");
        } else if (value instanceof Map<?, ?> map) {
            text.append("{");
            String comma = "";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                repr(entry.getKey(), text.append(comma), depth + 1);
                repr(entry.getValue(), text.append(": "), depth + 1);
                comma = ", ";
            }
            text.append("}");
        } else if (value == null) text.append("Undefined");
        else if (value instanceof Long || value == None.NONE) text.append(value.toString());
        else throw new TemplateException(typeName(value) + " cannot be printed");
    }

    private static void quoted(MarkedText string, MarkedText.Builder text) {
        char quote = string.string().contains("'") && !string.string().contains("\"") ? '"' : '\'';
        text.append(String.valueOf(quote));
        escaped(string, text, c -> {
            if (c == quote || c == '\\') return "\\" + (char) c;
            if (c == '\n') return "\\n";
            if (c == '\r') return "\\r";
            if (c == '\t') return "\\t";
            if (c < 32 || c >= 127 && c <= 160 || c == 173) return String.format(Locale.ROOT, "\\x%02x", c);
            return null;
        });
        text.append(String.valueOf(quote));
    }

    /** Adds a text with some code points written otherwise; null leaves one as it is. Foreign characters stay foreign. */
    static void escaped(MarkedText from, MarkedText.Builder to, IntFunction<String> escape) {
        int plain = 0;
        String string = from.string();
        for (int i = 0; i < string.length(); ) {
            int c = string.codePointAt(i);
            int next = i + Character.charCount(c);
            String written = escape.apply(c);
            if (written != null) {
                to.append(from, plain, i);
                to.append(from.foreign(i, next) ? MarkedText.foreign(written) : MarkedText.own(written));
                plain = next;
            }
            i = next;
        }
        to.append(from, plain, string.length());
    }

    /** Python's shortest form of a real number. */
    static String real(double number) {
        if (Double.isNaN(number)) return "nan";
        if (Double.isInfinite(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return 1 / number < 0 ? "-0.0" : "0.0";
        double size = Math.abs(number);
        if (size != 0 && (size < 1e-4 || size >= 1e16)) {
            String[] parts = new java.math.BigDecimal(Double.toString(number))
                    .stripTrailingZeros()
                    .round(java.math.MathContext.UNLIMITED)
                    .unscaledValue()
                    .toString()
                    .split("(?<=^-?\\d)", 2);
            int exponent = exponent(number);
            String sign = exponent < 0 ? "-" : "+";
            String digits = parts.length > 1 && !parts[1].isEmpty() ? parts[0] + "." + parts[1] : parts[0];
            return digits + "e" + sign + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        String plain = new java.math.BigDecimal(Double.toString(number)).toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    private static int exponent(double number) {
        java.math.BigDecimal exact = new java.math.BigDecimal(Double.toString(number)).stripTrailingZeros();
        return exact.precision() - exact.scale() - 1;
    }

    /** What a for loop iterates over: items, keys, characters; nothing for undefined. */
    static List<Object> items(Object value) {
        if (value == null) return List.of();
        if (value instanceof List<?> list) return new ArrayList<>(list);
        if (value instanceof Map<?, ?> map) return new ArrayList<>(map.keySet());
        if (value instanceof MarkedText text) return characters(text);
        throw new TemplateException(typeName(value) + " is not iterable");
    }

    private static List<Object> characters(MarkedText text) {
        List<Object> characters = new ArrayList<>();
        String string = text.string();
        for (int i = 0; i < string.length(); ) {
            int next = i + Character.charCount(string.codePointAt(i));
            characters.add(text.sub(i, next));
            i = next;
        }
        return characters;
    }

    static boolean equal(Object a, Object b) {
        if (number(a) != null && number(b) != null) return compareNumbers(number(a), number(b)) == 0;
        if (a instanceof List<?> left && b instanceof List<?> right) {
            if (left.size() != right.size() || left instanceof Tuple != right instanceof Tuple) return false;
            for (int i = 0; i < left.size(); i++) if (!equal(left.get(i), right.get(i))) return false;
            return true;
        }
        if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
            if (left.size() != right.size()) return false;
            return left.entrySet().stream()
                    .allMatch(e -> right.containsKey(e.getKey()) && equal(e.getValue(), right.get(e.getKey())));
        }
        return a == null ? b == null : a.equals(b);
    }

    /** A number, with Python's True = 1, or null. */
    static Number number(Object value) {
        if (value instanceof Boolean flag) return flag ? 1L : 0L;
        return value instanceof Number number ? number : null;
    }

    static int compare(Object a, Object b) {
        if (number(a) != null && number(b) != null) return compareNumbers(number(a), number(b));
        if (a instanceof MarkedText left && b instanceof MarkedText right) return left.compareTo(right);
        if (a instanceof List<?> left && b instanceof List<?> right && a instanceof Tuple == b instanceof Tuple) {
            for (int i = 0; i < Math.min(left.size(), right.size()); i++)
                if (!equal(left.get(i), right.get(i))) return compare(left.get(i), right.get(i));
            return Integer.compare(left.size(), right.size());
        }
        throw new TemplateException("cannot compare " + typeName(a) + " with " + typeName(b));
    }

    private static int compareNumbers(Number a, Number b) {
        if (a instanceof Long left && b instanceof Long right) return left.compareTo(right);
        return Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0);
    }

    static String typeName(Object value) {
        if (value == null) return "an undefined value";
        if (value == None.NONE) return "None";
        if (value instanceof MarkedText) return "a str";
        if (value instanceof Boolean) return "a bool";
        if (value instanceof Number) return "a number";
        if (value instanceof Tuple) return "a tuple";
        if (value instanceof List) return "a list";
        if (value instanceof Callable) return "a function";
        return value instanceof Map ? "a dict" : "an object";
    }

    /** Without white space, or the given characters, at its ends. */
    static MarkedText strip(MarkedText text, String characters, boolean left, boolean right) {
        String string = text.string();
        int start = 0;
        int end = string.length();
        while (left && start < end) {
            int c = string.codePointAt(start);
            if (!strips(c, characters)) break;
            start += Character.charCount(c);
        }
        while (right && end > start) {
            int c = string.codePointBefore(end);
            if (!strips(c, characters)) break;
            end -= Character.charCount(c);
        }
        return text.sub(start, end);
    }

    private static boolean strips(int c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /** Positions of value[start:stop:step], as Python counts them. */
    static int[] slice(int length, Object start, Object stop, Object step) {
        long by = step == None.NONE ? 1 : integer(step);
        if (by == 0) throw new TemplateException("slice step cannot be zero");
        long from = bound(start, length, by, by > 0 ? 0 : length - 1);
        long to = bound(stop, length, by, by > 0 ? length : -1);
        List<Integer> positions = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) positions.add((int) i);
        return positions.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long bound(Object value, int length, long step, long otherwise) {
        if (value == None.NONE) return otherwise;
        long at = integer(value);
        if (at < 0) at += length;
        long low = step > 0 ? 0 : -1;
        return Math.max(low, Math.min(at, step > 0 ? length : length - 1L));
    }

    static long integer(Object value) {
        if (value instanceof Long number) return number;
        if (value instanceof Boolean flag) return flag ? 1 : 0;
        throw new TemplateException(typeName(value) + " where an integer is needed");
    }
}
