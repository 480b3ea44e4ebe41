package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Python's methods of str. Foreign characters stay foreign when a method cuts out, joins or changes them. */
record TextMethods(RenderBudget budget) {
    static final Set<String> NAMES =
            Set.of(("capitalize casefold center count endswith expandtabs find format format_map index isalnum "
                            + "isalpha isascii isdecimal isdigit islower isnumeric isspace istitle isupper join ljust lower "
                            + "lstrip partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip "
                            + "split splitlines startswith strip swapcase title upper zfill")
                    .split(" "));

    Object call(String name, MarkedText text, Arguments given) {
        return switch (name) {
            case "strip", "lstrip", "rstrip" ->
                Python.strip(text, given.string(0, "chars", null), !name.equals("rstrip"), !name.equals("lstrip"));
            case "upper", "lower", "title", "capitalize", "casefold", "swapcase" ->
                budget.text(text.changed(s -> cased(name, s)));
            case "center", "ljust", "rjust", "zfill" -> budget.text(padded(name, text, given));
            case "split", "rsplit" -> split(text, given, name.equals("rsplit"));
            case "splitlines" -> budget.list(lines(text, given.flag(0, "keepends", false)));
            case "partition", "rpartition" -> partition(text, given.string(0, "sep", ""), name.equals("rpartition"));
            case "replace" ->
                replace(text, given.string(0, "old", ""), given.text(1, "new", ""), given.whole(2, "count", -1));
            case "join" -> Filters.join(budget, Python.items(given.get(0, "iterable", null)), text, true);
            case "format" -> new Formats(budget).braces(text, given);
            case "format_map" -> new Formats(budget).braces(text, new Arguments(List.of(), names(given)));
            case "expandtabs" -> budget.text(tabs(text, given.whole(0, "tabsize", 8)));
            case "removeprefix" -> {
                String prefix = given.string(0, "prefix", "");
                yield text.string().startsWith(prefix) ? text.sub(prefix.length()) : text;
            }
            case "removesuffix" -> {
                String suffix = given.string(0, "suffix", "");
                yield text.string().endsWith(suffix) ? text.sub(0, text.length() - suffix.length()) : text;
            }
            default -> question(name, text.string(), given);
        };
    }

    private static Map<String, Object> names(Arguments given) {
        if (!(given.get(0, "mapping", null) instanceof Map<?, ?> map))
            throw new TemplateException("format_map needs a dict");
        Map<String, Object> names = new java.util.LinkedHashMap<>();
        map.forEach((key, value) -> names.put(Python.str(key).string(), value));
        return names;
    }

    private static Object question(String name, String text, Arguments given) {
        return switch (name) {
            case "startswith" -> starts(text, given, true);
            case "endswith" -> starts(text, given, false);
            case "find", "rfind", "index", "rindex" -> {
                String part = given.string(0, "sub", "");
                int from = text.offsetByCodePoints(
                        0, (int) Math.min(given.whole(1, "start", 0), text.codePointCount(0, text.length())));
                int at = name.startsWith("r") ? text.lastIndexOf(part) : text.indexOf(part, from);
                if (at < 0 && name.endsWith("index")) throw new TemplateException("substring not found");
                yield at < 0 ? -1L : (long) text.codePointCount(0, at);
            }
            case "count" -> occurrences(text, given.string(0, "sub", ""));
            case "isdigit", "isdecimal", "isnumeric" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> all(text, Python::isSpace);
            case "isascii" -> text.chars().allMatch(c -> c < 128);
            case "istitle" -> !text.equals(text.toLowerCase(Locale.ROOT)) && text.equals(Filters.title(text));
            case "isupper" -> !text.equals(text.toLowerCase(Locale.ROOT)) && text.equals(text.toUpperCase(Locale.ROOT));
            case "islower" -> !text.equals(text.toUpperCase(Locale.ROOT)) && text.equals(text.toLowerCase(Locale.ROOT));
            default -> throw new TemplateException("a str has no method " + name + " here");
        };
    }

    private static boolean all(String text, IntPredicate holds) {
        return !text.isEmpty() && text.codePoints().allMatch(holds);
    }

    private static boolean starts(String text, Arguments given, boolean start) {
        Object prefix = given.get(0, start ? "prefix" : "suffix", null);
        List<?> several =
                prefix instanceof List<?> list ? list : List.of(given.text(0, start ? "prefix" : "suffix", ""));
        return several.stream()
                .map(part -> Python.str(part).string())
                .anyMatch(part -> start ? text.startsWith(part) : text.endsWith(part));
    }

    static String cased(String how, String text) {
        return switch (how) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "casefold" -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            case "title" -> Filters.title(text);
            case "capitalize" -> Filters.capitalize(text);
            default -> {
                StringBuilder swapped = new StringBuilder();
                text.codePoints()
                        .forEach(c -> swapped.appendCodePoint(
                                Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c)));
                yield swapped.toString();
            }
        };
    }

    private static MarkedText padded(String how, MarkedText text, Arguments given) {
        long width = given.whole(0, "width", how.equals("center") ? 80 : 0);
        if (width > 100_000) throw new TemplateException(how + ": a width of " + width + ", allowed 100000");
        int missing = (int) Math.max(0, width - Filters.length(text));
        String fill = how.equals("zfill") ? "0" : given.string(1, "fillchar", " ");
        // CPython puts the odd blank of center() to the left where the width is odd.
        int left = how.equals("ljust") ? 0 : how.equals("center") ? missing / 2 + (missing & (int) width & 1) : missing;
        boolean signed = how.equals("zfill") && text.string().matches("(?s)[+-].*");
        MarkedText.Builder made = new MarkedText.Builder();
        if (signed) made.append(text, 0, 1);
        return made.append(fill.repeat(left))
                .append(text, signed ? 1 : 0, text.length())
                .append(fill.repeat(missing - left))
                .build();
    }

    private static MarkedText tabs(MarkedText text, long size) {
        if (size > 1000) throw new TemplateException("expandtabs: " + size + ", allowed 1000");
        MarkedText.Builder made = new MarkedText.Builder();
        int column = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.string().charAt(i);
            if (c != '\t') made.append(text, i, i + 1);
            int blanks = size <= 0 ? 0 : (int) (size - column % size);
            if (c == '\t') made.append(" ".repeat(blanks));
            column = c == '\n' || c == '\r' ? 0 : column + (c == '\t' ? blanks : 1);
        }
        return made.build();
    }

    static long occurrences(String text, String part) {
        if (part.isEmpty()) return text.codePointCount(0, text.length()) + 1L;
        long found = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) found++;
        return found;
    }

    MarkedText replace(MarkedText text, String old, MarkedText with, long count) {
        if (old.isEmpty()) return between(text, with, count);
        long times = occurrences(text.string(), old);
        if (count >= 0) times = Math.min(times, count);
        if (times == 0) return text;
        budget.text(text.length() + times * ((long) with.length() - old.length()));
        MarkedText.Builder made = new MarkedText.Builder();
        int from = 0;
        for (long i = 0; i < times; i++) {
            int at = text.string().indexOf(old, from);
            made.append(text, from, at).append(with);
            from = at + old.length();
        }
        return made.append(text, from, text.length()).build();
    }

    /** Before each character and at the end, as Python replaces an empty text. */
    private MarkedText between(MarkedText text, MarkedText with, long count) {
        List<Object> characters = Python.items(text);
        long times = count < 0 ? characters.size() + 1L : Math.min(count, characters.size() + 1L);
        budget.text(text.length() + times * with.length());
        MarkedText.Builder made = new MarkedText.Builder();
        for (int i = 0; i <= characters.size(); i++) {
            if (i < times) made.append(with);
            if (i < characters.size()) made.append((MarkedText) characters.get(i));
        }
        return made.build();
    }

    private static Tuple partition(MarkedText text, String by, boolean last) {
        if (by.isEmpty()) throw new TemplateException("empty separator");
        int at = last ? text.string().lastIndexOf(by) : text.string().indexOf(by);
        if (at < 0) {
            return new Tuple(
                    last
                            ? List.of(MarkedText.EMPTY, MarkedText.EMPTY, text)
                            : List.of(text, MarkedText.EMPTY, MarkedText.EMPTY));
        }
        return new Tuple(List.of(text.sub(0, at), text.sub(at, at + by.length()), text.sub(at + by.length())));
    }

    /** As str.splitlines cuts: at every kind of line break of Unicode. */
    static List<Object> lines(MarkedText text, boolean keep) {
        List<Object> lines = new ArrayList<>();
        String string = text.string();
        int from = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(c) < 0) continue;
            int end = c == '\r' && i + 1 < string.length() && string.charAt(i + 1) == '\n' ? i + 2 : i + 1;
            lines.add(text.sub(from, keep ? end : i));
            from = end;
            i = end - 1;
        }
        if (from < string.length()) lines.add(text.sub(from));
        return lines;
    }

    private List<Object> split(MarkedText text, Arguments given, boolean fromRight) {
        long most = given.whole(1, "maxsplit", -1);
        String by = given.string(0, "sep", null);
        if (by != null && by.isEmpty()) throw new TemplateException("empty separator");
        budget.text(text.length());
        if (by == null) return budget.list(fromRight && most >= 0 ? wordsFromRight(text, most) : words(text, most));
        return budget.list(fromRight ? right(text, by, most) : left(text, by, most));
    }

    private static List<Object> left(MarkedText text, String by, long most) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        String string = text.string();
        for (int at = string.indexOf(by); at >= 0 && (most < 0 || parts.size() < most); at = string.indexOf(by, from)) {
            parts.add(text.sub(from, at));
            from = at + by.length();
        }
        parts.add(text.sub(from));
        return parts;
    }

    private static List<Object> right(MarkedText text, String by, long most) {
        List<Object> parts = new ArrayList<>();
        int to = text.length();
        while (most < 0 || parts.size() < most) {
            int at = to < by.length() ? -1 : text.string().lastIndexOf(by, to - by.length());
            if (at < 0) break;
            parts.add(text.sub(at + by.length(), to));
            to = at;
        }
        parts.add(text.sub(0, to));
        Collections.reverse(parts);
        return parts;
    }

    private static List<Object> words(MarkedText text, long most) {
        List<Object> words = new ArrayList<>();
        MarkedText rest = Python.strip(text, null, true, false);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !Python.isSpace(rest.string().charAt(end))) end++;
            if (most >= 0 && words.size() >= most) end = rest.length();
            words.add(Python.strip(rest.sub(0, end), null, false, true));
            rest = Python.strip(rest.sub(end), null, true, false);
        }
        return words;
    }

    private static List<Object> wordsFromRight(MarkedText text, long most) {
        List<Object> words = new ArrayList<>();
        MarkedText rest = Python.strip(text, null, false, true);
        while (!rest.isEmpty()) {
            int start = rest.length();
            while (start > 0 && !Python.isSpace(rest.string().charAt(start - 1))) start--;
            if (words.size() >= most) start = 0;
            words.add(Python.strip(rest.sub(start), null, true, false));
            rest = Python.strip(rest.sub(0, start), null, false, true);
        }
        Collections.reverse(words);
        return words;
    }
}
