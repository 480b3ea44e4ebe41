package io.tramontane.rewards;

import java.util.Map;
import java.util.Set;

/**
 * Writes an answer in one spelling before it is read: spacing and size commands vanish, {@code \dfrac} is {@code \frac},
 * every times sign is {@code *}, every minus {@code -}. One pass, never longer than its input.
 */
final class LatexText {
    private static final Set<String> INVISIBLE = Set.of(
            "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits");
    private static final Set<String> BLANKS = Set.of("quad", "qquad", "thinspace");
    private static final Map<String, String> SPELLINGS = Map.of(
            "dfrac", "\\frac", "tfrac", "\\frac", "cfrac", "\\frac", "cdot", "*", "times", "*", "div", "/", "lbrace",
            "\\{", "rbrace", "\\}", "degree", "\u00B0");

    private LatexText() {}

    /** The answer without dollar signs, blanks around it or a full stop behind it. */
    static String normalise(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); ) {
            char c = raw.charAt(i);
            if (c == '\\') i = command(raw, i + 1, out);
            else {
                if (raw.startsWith("{,}", i)) {
                    out.append(',');
                    i += 3;
                    continue;
                }
                plain(c, out);
                i++;
            }
        }
        String text = singleBlanks(out).strip();
        while (text.endsWith(".") || text.endsWith("\u3002"))
            text = text.substring(0, text.length() - 1).strip();
        return text;
    }

    private static String singleBlanks(StringBuilder text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            boolean second = i > 0 && text.charAt(i) == ' ' && text.charAt(i - 1) == ' ';
            if (!second) out.append(text.charAt(i));
        }
        return out.toString();
    }

    private static void plain(char c, StringBuilder out) {
        switch (c) {
            case '$' -> {}
            case '\u2212', '\u2013', '\uFF0D' -> out.append('-');
            case '\u00D7', '\u00B7', '\u22C5' -> out.append('*');
            case '\u00F7' -> out.append('/');
            case '\uFF05' -> out.append('%');
            case '~', '\u00A0', '\u2009', '\u202F', '\t', '\n', '\r' -> out.append(' ');
            default -> out.append(c >= '\uFF10' && c <= '\uFF19' ? (char) (c - '\uFF10' + '0') : c);
        }
    }

    /** Handles the command whose name starts at {@code from}; returns where reading goes on. */
    private static int command(String raw, int from, StringBuilder out) {
        if (from >= raw.length()) return from;
        char first = raw.charAt(from);
        if (!isLetter(first)) {
            switch (first) {
                case ',', ';', ':', ' ', '>' -> out.append(' ');
                case '!', '$', '(', ')', '[', ']' -> {}
                case '%', '#', '&' -> out.append(first);
                case '{', '}', '\\' -> out.append('\\').append(first);
                default -> out.append('\\').append(first);
            }
            return from + 1;
        }
        int end = from;
        while (end < raw.length() && isLetter(raw.charAt(end))) end++;
        String name = raw.substring(from, end);
        if (BLANKS.contains(name)) out.append(' ');
        else if (!INVISIBLE.contains(name)) out.append(SPELLINGS.getOrDefault(name, "\\" + name));
        return end;
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
