package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The filters of Jinja: those of texts and numbers here, those of lists in {@link ListFilters}. */
record Filters(RenderBudget budget) {
    static final Set<String> NAMES =
            Set.of(("abs attr batch capitalize center count d default dictsort e escape first float forceescape "
                            + "format groupby indent int items join last length list lower map max min reject rejectattr "
                            + "replace reverse round safe select selectattr slice sort string sum title tojson trim truncate "
                            + "unique upper urlencode wordcount")
                    .split(" "));

    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    Object apply(String name, Object value, Arguments given) {
        if (!NAMES.contains(name)) throw new TemplateException("unknown filter " + name);
        return switch (name) {
            case "safe" -> value;
            case "string" -> budget.text(Python.str(value));
            case "trim" -> Python.strip(Python.str(value), given.string(0, "chars", null), true, true);
            case "lower", "upper", "capitalize" ->
                budget.text(Python.str(value).changed(text -> TextMethods.cased(name, text)));
            case "title" -> budget.text(Python.str(value).changed(Filters::titled));
            case "center" -> new TextMethods(budget).call(name, Python.str(value), given);
            case "replace" -> replace(Python.str(value), given);
            case "indent" -> indent(Python.str(value), given);
            case "truncate" -> truncate(Python.str(value), given);
            case "escape", "e", "forceescape" -> escape(Python.str(value));
            case "urlencode" -> urlencode(value);
            case "wordcount" ->
                WORD.matcher(Python.str(value).string()).results().count();
            case "format" -> format(Python.str(value), given);
            case "tojson" -> json(value, given);
            case "default", "d" ->
                value == null || given.flag(1, "boolean", false) && !Python.truth(value)
                        ? given.get(0, "default_value", MarkedText.EMPTY)
                        : value;
            case "attr" -> attr(value, given.text(0, "name", ""));
            case "length", "count" -> length(value);
            case "abs", "int", "float", "round" -> NumberFilters.apply(name, value, given);
            default -> new ListFilters(budget).apply(name, value, given);
        };
    }

    private Object attr(Object value, MarkedText name) {
        Object method = Methods.bound(value, name.string(), budget);
        return method == null && value instanceof Attributes parts ? parts.attribute(name.string()) : method;
    }

    private MarkedText format(MarkedText format, Arguments given) {
        if (given.values().isEmpty() && given.named().isEmpty())
            return new Formats(budget).percent(format, new Tuple(List.of()));
        if (given.named().isEmpty()) return new Formats(budget).percent(format, new Tuple(given.values()));
        if (!given.values().isEmpty())
            throw new TemplateException("can't handle positional and keyword arguments at the same time");
        Map<Object, Object> names = new java.util.LinkedHashMap<>();
        given.named().forEach((name, value) -> names.put(MarkedText.own(name), value));
        return new Formats(budget).percent(format, names);
    }

    private MarkedText replace(MarkedText text, Arguments given) {
        String old = Python.str(given.get(0, "old", null)).string();
        MarkedText with = Python.str(given.get(1, "new", null));
        Object count = given.get(2, "count", None.NONE);
        return new TextMethods(budget).replace(text, old, with, count == None.NONE ? -1 : Python.integer(count));
    }

    static long length(Object value) {
        if (value == null) return 0;
        if (value instanceof MarkedText text) return text.string().codePointCount(0, text.length());
        if (value instanceof List<?> list) return list.size();
        if (value instanceof Map<?, ?> map) return map.size();
        throw new TemplateException(Python.typeName(value) + " has no length");
    }

    /** A list of (key, value). */
    static List<Object> pairs(RenderBudget budget, Map<?, ?> map) {
        budget.items(3L * map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    /** Text from items; as a method, str.join wants nothing but strings. */
    static MarkedText join(RenderBudget budget, List<Object> items, MarkedText between, boolean onlyText) {
        MarkedText.Builder text = new MarkedText.Builder();
        for (int i = 0; i < items.size(); i++) {
            if (onlyText && !(items.get(i) instanceof MarkedText))
                throw new TemplateException("join: item " + i + " is " + Python.typeName(items.get(i)) + ", not a str");
            MarkedText item = Python.str(items.get(i));
            budget.text((long) item.length() + between.length());
            text.append(i == 0 ? MarkedText.EMPTY : between).append(item);
        }
        return text.build();
    }

    private MarkedText indent(MarkedText text, Arguments given) {
        Object width = given.get(0, "width", 4L);
        MarkedText by = width instanceof MarkedText string
                ? string
                : MarkedText.own(" ".repeat((int) Math.max(0, Math.min(1000, Python.integer(width)))));
        boolean blank = given.flag(2, "blank", false);
        List<Object> lines = TextMethods.lines(text.plus(MarkedText.own("\n")), false);
        budget.text(text.length() + (long) lines.size() * by.length());
        MarkedText.Builder indented = new MarkedText.Builder();
        if (given.flag(1, "first", false)) indented.append(by);
        for (int i = 0; i < lines.size(); i++) {
            MarkedText line = (MarkedText) lines.get(i);
            if (i > 0) indented.append("\n");
            if (i > 0 && (blank || !line.isEmpty())) indented.append(by);
            indented.append(line);
        }
        return indented.build();
    }

    private MarkedText truncate(MarkedText text, Arguments given) {
        long length = given.whole(0, "length", 255);
        MarkedText end = given.text(2, "end", "...");
        Object leeway = given.get(3, "leeway", None.NONE);
        if (length < length(end))
            throw new TemplateException("truncate: expected length >= " + length(end) + ", got " + length);
        if (length(text) <= length + (leeway == None.NONE ? 5 : Python.integer(leeway))) return text;
        MarkedText kept = Formats.cut(text, (int) (length - length(end)));
        int blank = kept.string().lastIndexOf(' ');
        if (!given.flag(1, "killwords", false) && blank >= 0) kept = kept.sub(0, blank);
        return budget.text(kept.plus(end));
    }

    private MarkedText escape(MarkedText text) {
        MarkedText.Builder made = new MarkedText.Builder();
        Python.escaped(text, made, c -> switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> null;
        });
        return budget.text(made.build());
    }

    private MarkedText urlencode(Object value) {
        if (!(value instanceof Map) && !(value instanceof List)) return quoted(Python.str(value), "/");
        List<Object> pairs = value instanceof Map<?, ?> map ? pairs(budget, map) : Python.items(value);
        MarkedText.Builder made = new MarkedText.Builder();
        for (Object item : pairs) {
            List<Object> pair = Python.items(item);
            if (pair.size() != 2) throw new TemplateException("urlencode: an item is no pair");
            if (made.length() > 0) made.append("&");
            made.append(quoted(Python.str(pair.get(0)), "")).append("=").append(quoted(Python.str(pair.get(1)), ""));
        }
        return made.build();
    }

    private MarkedText quoted(MarkedText text, String safe) {
        MarkedText.Builder made = new MarkedText.Builder();
        Python.escaped(text, made, c -> {
            if (c < 128 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0))
                return null;
            if (c == ' ' && safe.isEmpty()) return "+";
            StringBuilder bytes = new StringBuilder();
            for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8))
                bytes.append(String.format(Locale.ROOT, "%%%02X", b));
            return bytes.toString();
        });
        return budget.text(made.build());
    }

    private MarkedText json(Object value, Arguments given) {
        boolean ascii = given.flag(0, "ensure_ascii", false);
        Object indent = given.get(1, "indent", None.NONE);
        Object separators = given.get(2, "separators", None.NONE);
        int width = indent == None.NONE || indent == null ? -1 : (int) Math.min(100, Python.integer(indent));
        String comma = width < 0 ? ", " : ",";
        String colon = ": ";
        if (separators instanceof List<?> pair && pair.size() == 2) {
            comma = Python.str(pair.get(0)).string();
            colon = Python.str(pair.get(1)).string();
        }
        boolean sort = given.flag(3, "sort_keys", false);
        return budget.text(
                new JsonDump(width, comma, colon, ascii).of(sort ? ListFilters.sortedKeys(value, 0) : value));
    }

    static String capitalize(String text) {
        if (text.isEmpty()) return text;
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** str.title: a letter after a letter becomes lower case. */
    static String title(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            title.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = Character.isLetter(c);
        }
        return title.toString();
    }

    /** The filter title: a word starts behind white space, a hyphen or an opening bracket. */
    private static String titled(String text) {
        StringBuilder title = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            title.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inside = !Python.isSpace(c) && "-({[<".indexOf(c) < 0;
        }
        return title.toString();
    }
}
