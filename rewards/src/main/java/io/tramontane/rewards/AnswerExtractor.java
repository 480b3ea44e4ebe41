package io.tramontane.rewards;

import java.util.Locale;

/**
 * Finds what is to be judged in the answer part: the last {@code \boxed{...}} for maths, the first fenced block with a
 * language for code (paper section 2.2.2). Linear in the text.
 */
final class AnswerExtractor {
    private static final String BOX = "\\boxed{";
    /** End the language's name too: {@code ```python{.numbered}}, {@code ```cpp:main.cpp}. */
    private static final String ATTRIBUTES = "{,:;";

    private AnswerExtractor() {}

    /**
     * Either an answer or the reason why there is none.
     *
     * @param tag "boxed", or the language named after the backticks in lower case; null when there is no answer
     * @param content the box's content without blanks around it, or the program
     * @param missing why there is no answer; null when there is one
     */
    record Extract(String tag, String content, String missing) {
        static Extract none(String why) {
            return new Extract(null, "", why);
        }
    }

    /** The last box. A last box that is open or empty is no answer, even after an earlier box. */
    static Extract lastBox(String answer) {
        int start = answer.lastIndexOf(BOX);
        if (start < 0) return Extract.none("no \\boxed{} in the answer part");
        int open = start + BOX.length() - 1;
        int close = closingBrace(answer, open);
        if (close < 0) return Extract.none("the last \\boxed{ is never closed");
        String content = answer.substring(open + 1, close).strip();
        return content.isEmpty() ? Extract.none("the last \\boxed{} is empty") : new Extract("boxed", content, null);
    }

    /** Index of the brace that closes the one at {@code open}, or -1; {@code \{} and {@code \}} do not count. */
    static int closingBrace(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') i++;
            else if (c == '{') depth++;
            else if (c == '}' && --depth == 0) return i;
        }
        return -1;
    }

    /** The first closed fenced block that names a language; blocks without a language before it are stepped over. */
    static Extract firstProgram(String answer) {
        int line = 0;
        while (line < answer.length()) {
            int ticks = fence(answer, line);
            int next = nextLine(answer, line);
            if (ticks == 0) {
                line = next;
                continue;
            }
            String tag = tagAfter(answer, line, endOfLine(answer, line));
            int close = closingFence(answer, next, ticks);
            if (close < 0) return Extract.none("a fenced block is never closed");
            if (!tag.isEmpty()) return new Extract(tag, answer.substring(next, close), null);
            line = nextLine(answer, close);
        }
        return Extract.none("no fenced block with a language in the answer part");
    }

    /** Backticks (3 or more, after at most 3 blanks) that the line starts with; 0 when it is no fence. */
    private static int fence(String text, int line) {
        int from = skipBlanks(text, line);
        if (from - line > 3) return 0;
        int to = from;
        while (to < text.length() && text.charAt(to) == '`') to++;
        if (to - from < 3) return 0;
        int tick = text.indexOf('`', to); // ```like this``` is inline code
        return tick >= 0 && tick < endOfLine(text, line) ? 0 : to - from;
    }

    private static String tagAfter(String text, int line, int end) {
        int from = skipBlanks(text, line);
        while (text.charAt(from) == '`') {
            if (++from == end) return "";
        }
        from = skipBlanks(text, from);
        int to = from;
        if (from < end && !Character.isLetter(text.charAt(from))) return ""; // {.python} and the like name no language
        while (to < end && !Character.isWhitespace(text.charAt(to)) && ATTRIBUTES.indexOf(text.charAt(to)) < 0) to++;
        return text.substring(Math.min(from, to), to).toLowerCase(Locale.ROOT);
    }

    private static int closingFence(String text, int from, int ticks) {
        for (int line = from; line < text.length(); line = nextLine(text, line)) {
            if (fence(text, line) < ticks) continue;
            if (text.substring(line, endOfLine(text, line)).replace("`", "").isBlank()) return line;
        }
        return -1;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') at++;
        return at;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static int nextLine(String text, int from) {
        return Math.min(text.length(), endOfLine(text, from) + 1);
    }
}
