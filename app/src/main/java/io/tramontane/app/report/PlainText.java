package io.tramontane.app.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Text of the model for the console. It is untrusted: control characters could move the cursor or hide text, so they are
 * replaced. Chinese characters take two columns.
 */
final class PlainText {
    private PlainText() {}

    /** One line: white space becomes a space, other control, format and private characters a middle dot. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> clean.appendCodePoint(cleaned(c)));
        return clean.toString().replaceAll(" +", " ").strip();
    }

    /** Columns that the text takes. */
    static int width(String text) {
        return text.codePoints().map(PlainText::width).sum();
    }

    /** Pads on the right to {@code columns}. */
    static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** Pads on the left to {@code columns}. */
    static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - width(text))) + text;
    }

    /**
     * Breaks a cleaned line at spaces where it can, never before a percent sign, into at most {@code lines} lines; "…"
     * marks what was cut.
     */
    static List<String> wrap(String text, int columns, int lines) {
        List<String> wrapped = new ArrayList<>();
        String rest = text.replace(" %", "\u00a0%");
        while (!rest.isEmpty() && wrapped.size() < lines) {
            int end = fitting(rest, columns);
            int space = end < rest.length() ? rest.lastIndexOf(' ', end) : -1;
            if (space > end / 2) end = space;
            wrapped.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        if (!rest.isEmpty()) {
            String last = wrapped.get(lines - 1);
            wrapped.set(lines - 1, last.substring(0, fitting(last, columns - 1)) + "…");
        }
        wrapped.replaceAll(line -> line.replace('\u00a0', ' '));
        return wrapped;
    }

    /** How many chars of the text fit; at least one code point. */
    private static int fitting(String text, int columns) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            used += width(c);
            if (used > columns && end > 0) return end;
            end += Character.charCount(c);
        }
        return end;
    }

    private static int cleaned(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) return ' ';
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> '·';
            default -> c;
        };
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) return 0;
        boolean wide = c >= 0x1100 && c <= 0x115f
                || c >= 0x2e80 && c <= 0xa4cf
                || c >= 0xac00 && c <= 0xd7a3
                || c >= 0xf900 && c <= 0xfaff
                || c >= 0xfe30 && c <= 0xfe6f
                || c >= 0xff00 && c <= 0xff60
                || c >= 0xffe0 && c <= 0xffe6
                || c >= 0x1f300 && c <= 0x1faff
                || c >= 0x20000 && c <= 0x3fffd;
        return wide ? 2 : 1;
    }
}
