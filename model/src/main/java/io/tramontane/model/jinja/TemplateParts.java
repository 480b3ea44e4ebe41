package io.tramontane.model.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into text, output and tags. White space follows Jinja with trim_blocks and lstrip_blocks, as transformers
 * sets it: a tag removes one line break after it and the blanks before it on its line, a minus removes all white space on
 * its side, a plus none.
 */
final class TemplateParts {
    private static final int MOST_CHARACTERS = 512_000;

    /** What a part is. */
    enum Kind {
        TEXT,
        OUTPUT,
        TAG
    }

    /** A part; text has no tokens, the others no text. */
    record Part(Kind kind, String text, List<JinjaToken> tokens) {}

    private final String source;
    private final List<Part> parts = new ArrayList<>();
    private int at;

    private TemplateParts(String template) {
        if (template.length() > MOST_CHARACTERS)
            throw new TemplateException(template.length() + " characters, allowed " + MOST_CHARACTERS);
        String lines = template.replace("\r\n", "\n").replace('\r', '\n');
        source = lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines;
    }

    static List<Part> of(String template) {
        TemplateParts parts = new TemplateParts(template);
        parts.cut();
        return parts.parts;
    }

    private void cut() {
        int length = source.length();
        boolean lineStart = true;
        while (at < length) {
            int tag = nextTag(at);
            if (tag < 0) {
                text(source.substring(at));
                return;
            }
            text(before(source.substring(at, tag), tag, lineStart));
            read(tag);
            lineStart = at > 0 && at <= length && source.charAt(at - 1) == '\n';
        }
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') return i;
        }
        return -1;
    }

    /** The text before a tag, without the white space that the tag removes. */
    private String before(String text, int tag, boolean lineStart) {
        char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
        if (sign == '-') return stripped(text, false);
        if (sign == '+' || source.charAt(tag + 1) == '{') return text;
        int line = text.lastIndexOf('\n') + 1;
        boolean blank = text.substring(line).chars().allMatch(Python::isSpace);
        return blank && (line > 0 || lineStart) ? text.substring(0, line) : text;
    }

    private static String stripped(String text, boolean left) {
        int start = 0;
        int end = text.length();
        while (left && start < end && Python.isSpace(text.charAt(start))) start++;
        while (!left && end > start && Python.isSpace(text.charAt(end - 1))) end--;
        return text.substring(start, end);
    }

    private void text(String text) {
        if (!text.isEmpty()) parts.add(new Part(Kind.TEXT, text, List.of()));
    }

    private void read(int tag) {
        int inside = tag + 2;
        if (inside < source.length() && (source.charAt(inside) == '-' || source.charAt(inside) == '+')) inside++;
        switch (source.charAt(tag + 1)) {
            case '#' -> skipComment(tag + 2);
            case '{' -> parts.add(new Part(Kind.OUTPUT, "", tokens(inside, "}}")));
            default -> {
                List<JinjaToken> tokens = tokens(inside, "%}");
                if (tokens.size() == 1 && tokens.get(0).is("raw")) raw();
                else parts.add(new Part(Kind.TAG, "", tokens));
            }
        }
    }

    private void skipComment(int from) {
        int end = source.indexOf("#}", from);
        if (end < 0) throw new TemplateException("a comment is not closed");
        boolean minus = end > from && source.charAt(end - 1) == '-';
        boolean plus = end > from && source.charAt(end - 1) == '+';
        after(end + 2, minus, !plus);
    }

    private List<JinjaToken> tokens(int from, String end) {
        JinjaLexer lexer = new JinjaLexer(source, from);
        List<JinjaToken> tokens = lexer.until(end);
        int stop = lexer.position();
        boolean minus = source.charAt(stop) == '-';
        boolean plus = source.charAt(stop) == '+' && end.equals("%}");
        after(stop + (minus || plus ? 3 : 2), minus, !plus && end.equals("%}"));
        return tokens;
    }

    private void after(int end, boolean minus, boolean trim) {
        at = end;
        if (minus) while (at < source.length() && Python.isSpace(source.charAt(at))) at++;
        else if (trim && at < source.length() && source.charAt(at) == '\n') at++;
    }

    private void raw() {
        int search = at;
        while (true) {
            int tag = source.indexOf("{%", search);
            if (tag < 0) throw new TemplateException("the tag raw is not closed");
            int inside = tag + 2;
            if (inside < source.length() && "-+".indexOf(source.charAt(inside)) >= 0) inside++;
            String rest = stripped(source.substring(inside, Math.min(source.length(), inside + 40)), true);
            if (rest.startsWith("endraw")) {
                text(before(source.substring(at, tag), tag, false));
                tokens(inside, "%}");
                return;
            }
            search = tag + 2;
        }
    }
}
