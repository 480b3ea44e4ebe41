package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's two ways to format values: {@code '%s' % x} and {@code '{}'.format(x)}. Foreign characters stay foreign. */
record Formats(RenderBudget budget) {
    private static final int WIDEST = 10_000;
    private static final Pattern PERCENT =
            Pattern.compile("%(?:\\(([^)]*)\\))?([-+ #0]*)(\\d+|\\*)?(?:\\.(\\d+|\\*)?)?[hlL]?(.)?", Pattern.DOTALL);
    private static final Pattern SPEC =
            Pattern.compile("(?:(.)?([<>=^]))?([-+ ]?)(#?)(0?)(\\d*)([,_]?)(?:\\.(\\d+))?([a-zA-Z%]?)", Pattern.DOTALL);

    /** One value, how it is to be written, and where. */
    private record Field(String fill, char align, String sign, int width, int precision, char type, boolean grouped) {}

    /** format % values. */
    MarkedText percent(MarkedText format, Object values) {
        List<?> inOrder = values instanceof Tuple tuple ? tuple : List.of(values == null ? MarkedText.EMPTY : values);
        MarkedText.Builder out = new MarkedText.Builder();
        Matcher match = PERCENT.matcher(format.string());
        int from = 0;
        int next = 0;
        while (match.find()) {
            out.append(format, from, match.start());
            from = match.end();
            if (match.group(5) == null) throw new TemplateException("incomplete format");
            char type = match.group(5).charAt(0);
            if (type == '%') {
                out.append(format, match.start(), match.start() + 1);
                continue;
            }
            Object value;
            if (match.group(1) != null) {
                if (!(values instanceof Map<?, ?> map)) throw new TemplateException("format requires a mapping");
                value = map.get(MarkedText.own(match.group(1)));
            } else {
                if (next >= inOrder.size()) throw new TemplateException("not enough arguments for format string");
                value = inOrder.get(next++);
            }
            out.append(percentValue(match, type, value));
        }
        out.append(format, from, format.length());
        if (next < inOrder.size() && !(values instanceof Map))
            throw new TemplateException("not all arguments converted during string formatting");
        return budget.text(out.build());
    }

    private MarkedText percentValue(Matcher match, char type, Object value) {
        String flags = match.group(2);
        if ("*".equals(match.group(3)) || "*".equals(match.group(4)))
            throw new TemplateException("a width of * in a format is not supported");
        int precision = match.group().contains(".") ? size(match.group(4), 0) : -1;
        boolean zero = flags.contains("0") && !flags.contains("-") && "diufFeEgGxXo".indexOf(type) >= 0;
        String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        char align = flags.contains("-") ? '<' : zero ? '=' : '>';
        char kind = type == 'i' || type == 'u' ? 'd' : type;
        Field field = new Field(zero ? "0" : " ", align, sign, size(match.group(3), 0), precision, kind, false);
        switch (kind) {
            case 's':
            case 'r':
            case 'a':
                MarkedText text = kind == 's' ? Python.str(value) : Python.repr(value);
                return padded(precision < 0 ? text : cut(text, precision), field);
            case 'c':
                MarkedText one =
                        value instanceof Long c ? MarkedText.own(Character.toString(c.intValue())) : Python.str(value);
                return padded(one, field);
            default:
                if (Python.number(value) == null || "dfFeEgGxXo".indexOf(kind) < 0)
                    throw new TemplateException("%" + type + " format: " + Python.typeName(value));
                Object number = "dxXo".indexOf(kind) >= 0
                        ? (Object) Python.number(value).longValue()
                        : value;
                return number(number, field, flags.contains("#"));
        }
    }

    private static int size(String digits, int otherwise) {
        if (digits == null || digits.isEmpty()) return otherwise;
        if (digits.length() > 5 || Integer.parseInt(digits) > WIDEST)
            throw new TemplateException("a width of " + digits + " in a format, allowed " + WIDEST);
        return Integer.parseInt(digits);
    }

    /** format.format(arguments). */
    MarkedText braces(MarkedText format, Arguments given) {
        MarkedText.Builder out = new MarkedText.Builder();
        String text = format.string();
        int automatic = 0;
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c != '{' && c != '}') {
                int end = i;
                while (end < text.length() && "{}".indexOf(text.charAt(end)) < 0) end++;
                out.append(format, i, end);
                i = end;
            } else if (i + 1 < text.length() && text.charAt(i + 1) == c) {
                out.append(format, i, i + 1);
                i += 2;
            } else {
                int end = text.indexOf('}', i);
                if (c == '}' || end < 0) throw new TemplateException("a single " + c + " in a format");
                String inside = text.substring(i + 1, end);
                if (inside.contains("{")) throw new TemplateException("a format within a format is not supported");
                String name = inside.split("[.\\[!:]", 2)[0];
                Object first = name.isEmpty()
                        ? place(given, automatic++)
                        : name.matches("\\d{1,6}") ? place(given, Integer.parseInt(name)) : named(given, name);
                out.append(field(inside.substring(name.length()), first));
                i = end + 1;
            }
        }
        return budget.text(out.build());
    }

    private static Object place(Arguments given, int place) {
        if (place >= given.values().size()) throw new TemplateException("format: no argument " + place);
        return given.values().get(place);
    }

    private static Object named(Arguments given, String name) {
        if (!given.named().containsKey(name)) throw new TemplateException("format: no argument " + name);
        return given.named().get(name);
    }

    private static final Pattern STEP = Pattern.compile("\\.([^.\\[!:]+)|\\[([^\\]]+)\\]");

    /** The rest of a replacement field, behind the argument's name: .attribute [item] !conversion :spec. */
    private MarkedText field(String rest, Object argument) {
        Object value = argument;
        Matcher step = STEP.matcher(rest);
        int at = 0;
        while (step.region(at, rest.length()).lookingAt()) {
            String key = step.group(1) != null ? step.group(1) : step.group(2);
            if (key.contains("__")) throw new TemplateException("the name " + key + " is not allowed");
            boolean index = step.group(2) != null && key.matches("\\d{1,9}");
            value = index ? Values.item(value, Long.valueOf(key)) : Values.item(value, MarkedText.own(key));
            at = step.end();
        }
        if (rest.startsWith("!r", at) || rest.startsWith("!s", at) || rest.startsWith("!a", at)) {
            value = rest.charAt(at + 1) == 's' ? Python.str(value) : Python.repr(value);
            at += 2;
        }
        if (at == rest.length()) return Python.str(value);
        if (rest.charAt(at) != ':') throw new TemplateException("a damaged format");
        return spec(rest.substring(at + 1), value);
    }

    private MarkedText spec(String spec, Object value) {
        Matcher match = SPEC.matcher(spec);
        if (!match.matches()) throw new TemplateException("Invalid format specifier " + spec);
        boolean zero = !match.group(5).isEmpty();
        boolean text = !(value instanceof Number);
        String fill = match.group(1) != null ? match.group(1) : zero ? "0" : " ";
        char align = match.group(2) != null ? match.group(2).charAt(0) : zero && !text ? '=' : text ? '<' : '>';
        int precision = size(match.group(8), -1);
        char type = match.group(9).isEmpty() ? ' ' : match.group(9).charAt(0);
        boolean grouped = match.group(7).equals(",");
        if (match.group(7).equals("_"))
            throw new TemplateException("the format specifier " + spec + " is not supported");
        Field field = new Field(
                fill,
                align,
                match.group(3).trim().isEmpty() && !match.group(3).equals(" ") ? "" : match.group(3),
                size(match.group(6), 0),
                precision,
                type,
                grouped);
        if (text) {
            if (type != ' ' && type != 's' || align == '=')
                throw new TemplateException("Unknown format code for a str: " + spec);
            MarkedText written = Python.str(value);
            return padded(precision < 0 ? written : cut(written, precision), field);
        }
        return number(value, field, !match.group(4).isEmpty());
    }

    private MarkedText number(Object value, Field field, boolean alternate) {
        Number number = Python.number(value);
        boolean negative = number.doubleValue() < 0;
        String digits = digits(number, field, alternate);
        if (digits.startsWith("-")) digits = digits.substring(1);
        if (field.grouped) digits = grouped(digits);
        String sign = negative ? "-" : field.sign.equals("-") ? "" : field.sign;
        if (field.align != '=') return padded(MarkedText.own(sign + digits), field);
        int missing = Math.max(0, field.width - sign.length() - digits.length());
        return MarkedText.own(sign + field.fill.repeat(missing) + digits);
    }

    private static String digits(Number number, Field field, boolean alternate) {
        int precision = field.precision < 0 ? 6 : field.precision;
        char type = field.type;
        switch (type) {
            case 'd':
                return String.valueOf(number.longValue());
            case 'c':
                return Character.toString(number.intValue());
            case 'x':
                return (alternate ? "0x" : "") + Long.toHexString(Math.abs(number.longValue()));
            case 'X':
                return (alternate ? "0X" : "")
                        + Long.toHexString(Math.abs(number.longValue())).toUpperCase(Locale.ROOT);
            case 'o':
                return (alternate ? "0o" : "") + Long.toOctalString(Math.abs(number.longValue()));
            case 'b':
                return (alternate ? "0b" : "") + Long.toBinaryString(Math.abs(number.longValue()));
            case 'f':
            case 'F':
                return fixed(number, precision);
            case '%':
                return fixed(number.doubleValue() * 100, precision) + "%";
            case 'e':
            case 'E':
                return String.format(Locale.ROOT, "%." + precision + type, number.doubleValue());
            case ' ':
                if (field.precision < 0) return number instanceof Double real ? Python.real(real) : number.toString();
                return general(number, Math.max(1, precision));
            case 'g':
            case 'G':
                return general(number, Math.max(1, precision));
            default:
                throw new TemplateException("Unknown format code " + type);
        }
    }

    private static String fixed(Number number, int precision) {
        double real = number.doubleValue();
        if (Double.isNaN(real) || Double.isInfinite(real)) return Python.real(real);
        return new BigDecimal(real).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String general(Number number, int precision) {
        double real = number.doubleValue();
        if (real == 0 || Double.isNaN(real) || Double.isInfinite(real)) return real == 0 ? "0" : Python.real(real);
        BigDecimal rounded = new BigDecimal(real).round(new java.math.MathContext(precision, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        BigDecimal bare = rounded.stripTrailingZeros();
        if (exponent >= -4 && exponent < precision) return bare.toPlainString();
        String digits = bare.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (real < 0 ? "-" : "") + mantissa + String.format(Locale.ROOT, "e%+03d", exponent);
    }

    private static String grouped(String digits) {
        int end = 0;
        while (end < digits.length() && Character.isDigit(digits.charAt(end))) end++;
        StringBuilder made = new StringBuilder(digits);
        for (int i = end - 3; i > 0; i -= 3) made.insert(i, ',');
        return made.toString();
    }

    static MarkedText cut(MarkedText text, int points) {
        String string = text.string();
        if (string.codePointCount(0, string.length()) <= points) return text;
        return text.sub(0, string.offsetByCodePoints(0, points));
    }

    private static MarkedText padded(MarkedText text, Field field) {
        int missing = field.width - text.string().codePointCount(0, text.length());
        if (missing <= 0) return text;
        int left = field.align == '<' ? 0 : field.align == '^' ? missing / 2 : missing;
        return new MarkedText.Builder()
                .append(field.fill.repeat(left))
                .append(text)
                .append(field.fill.repeat(missing - left))
                .build();
    }
}
