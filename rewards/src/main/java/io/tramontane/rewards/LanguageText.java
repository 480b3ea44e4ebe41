package io.tramontane.rewards;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Leaves only the natural language of a text (paper section 2.2.4): LaTeX with its contents ({@code $...$}, {@code
 * $$...$$}, {@code \(...\)}, {@code \[...\]}, environments, commands with their arguments), fenced and inline code,
 * digits, symbols and line ends become single blanks; letters stay, and apostrophes inside words. On demand the words in
 * the arguments of commands outside of formulas stay too, those of {@code \boxed} apart. Linear in the text.
 *
 * <p>A dollar sign opens a formula only as in Markdown: no blank behind it, none before the closing one, no digit after
 * that; so "costs $5 and then $7" keeps its words.
 */
final class LanguageText {
    /** Of an environment's name, or of an optional argument in brackets. */
    private static final int LONGEST_NAME = 40;

    /** After this many different environments without an end, no more ends are searched. */
    private static final int MANY = 8;

    private final String text;
    private final boolean keepArguments;
    private final StringBuilder out;
    private Map<Integer, Integer> closingBraces;
    private int at;
    private boolean noMoreParentheses;
    private boolean noMoreBrackets;
    private final Set<String> openEnvironments = new HashSet<>();
    private boolean noMoreFences;

    private LanguageText(String text, boolean keepArguments) {
        this.text = text;
        this.keepArguments = keepArguments;
        this.out = new StringBuilder(text.length());
    }

    /** The words of a text, separated by single blanks; LaTeX goes with its contents. */
    static String words(String text) {
        return words(text, false);
    }

    /** @param keepArguments keep the words of {@code \text{...}} and of every other command outside of formulas */
    static String words(String text, boolean keepArguments) {
        return new LanguageText(text, keepArguments).strip();
    }

    private String strip() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '`') skipCode();
            else if (c == '$') skipDollars();
            else if (c == '\\') skipCommand();
            else keepIfLetter(c);
        }
        int end = out.length();
        return end > 0 && out.charAt(end - 1) == ' ' ? out.substring(0, end - 1) : out.toString();
    }

    private void keepIfLetter(char c) {
        int point = Character.isHighSurrogate(c) ? text.codePointAt(at) : c;
        int size = Character.charCount(point);
        if (isWordPart(point) || isApostropheWithinWord(c)) out.append(text, at, at + size);
        else blank();
        at += size;
    }

    private boolean isApostropheWithinWord(char c) {
        boolean after = !out.isEmpty() && out.charAt(out.length() - 1) != ' ';
        return (c == '\'' || c == '\u2019')
                && after
                && at + 1 < text.length()
                && Character.isLetter(text.charAt(at + 1));
    }

    private static boolean isWordPart(int point) {
        if (point < 128) return point >= 'a' && point <= 'z' || point >= 'A' && point <= 'Z';
        int type = Character.getType(point);
        return Character.isLetter(point)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private void blank() {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') out.append(' ');
    }

    private void skipCode() {
        blank();
        boolean fence = text.startsWith("```", at);
        int close = -1;
        if (fence && !noMoreFences) {
            close = text.indexOf("```", at + 3);
            noMoreFences = close < 0;
        } else if (!fence) close = text.indexOf('`', at + 1);
        int size = fence ? 3 : 1;
        if (close >= 0) at = close + size;
        else at = fence ? text.length() : at + 1; // an open fence swallows the rest, as it does on a page
    }

    private void skipDollars() {
        blank();
        int size = text.startsWith("$$", at) ? 2 : 1;
        int open = at + size;
        int close = text.indexOf('$', open);
        boolean formula = close > open;
        if (formula && size == 1) {
            boolean digitAfter = close + 1 < text.length() && Character.isDigit(text.charAt(close + 1));
            formula = text.charAt(open) != ' ' && text.charAt(close - 1) != ' ' && !digitAfter;
        }
        at = formula ? Math.min(text.length(), close + size) : open;
    }

    private void skipCommand() {
        blank();
        int close = -1;
        if (text.startsWith("\\\\", at)) close = at + 2; // a line end in LaTeX, whatever follows it
        else if (text.startsWith("\\(", at) && !noMoreParentheses) {
            close = after("\\)", at + 2);
            noMoreParentheses = close < 0;
        } else if (text.startsWith("\\[", at) && !noMoreBrackets) {
            close = after("\\]", at + 2);
            noMoreBrackets = close < 0;
        } else if (text.startsWith("\\begin{", at) && !keepArguments) close = afterEnvironment();
        if (close >= 0) {
            at = close;
            return;
        }
        int name = ++at;
        while (at < text.length() && isAsciiLetter(text.charAt(at))) at++;
        if (!keepArguments && at > name || text.startsWith("boxed{", name)) skipArguments();
    }

    private int after(String end, int from) {
        int found = text.indexOf(end, from);
        return found < 0 ? -1 : found + end.length();
    }

    /** Behind the \end of the environment that begins here; -1 when it has none. */
    private int afterEnvironment() {
        int close = closingBrace(at + 6);
        if (close < 0 || close - at > LONGEST_NAME) return -1;
        String name = text.substring(at + 7, close);
        if (openEnvironments.contains(name) || openEnvironments.size() == MANY) return -1;
        int end = after("\\end{" + name + "}", close);
        if (end < 0) openEnvironments.add(name);
        return end;
    }

    /** {...} right behind a command, also more than one, [...] before {...}, and a star. */
    private void skipArguments() {
        if (at < text.length() && text.charAt(at) == '*') at++;
        while (at < text.length()) {
            int end = -1;
            if (text.charAt(at) == '{') end = closingBrace(at);
            else if (text.charAt(at) == '[') end = beforeBrace();
            if (end < 0) return;
            at = end + 1;
        }
    }

    private int beforeBrace() {
        int end = text.indexOf(']', at);
        return end > 0 && end - at <= LONGEST_NAME && text.startsWith("{", end + 1) ? end : -1;
    }

    /** Index of the brace that closes the one at {@code open}, or -1; all are found in one pass. */
    private int closingBrace(int open) {
        if (closingBraces == null) {
            closingBraces = new HashMap<>();
            Deque<Integer> opened = new ArrayDeque<>();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') i++;
                else if (c == '{') opened.push(i);
                else if (c == '}' && !opened.isEmpty()) closingBraces.put(opened.pop(), i);
            }
        }
        return closingBraces.getOrDefault(open, -1);
    }

    private static boolean isAsciiLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
