package io.tramontane.rewards;

/**
 * Leaves only the natural language of a text (paper section 2.2.4): LaTeX ({@code $...$}, {@code $$...$$}, {@code
 * \(...\)}, {@code \[...\]}, {@code \boxed{...}}, command names), fenced and inline code, digits, symbols and line ends
 * become single blanks; letters stay, and apostrophes inside words. Linear in the text.
 *
 * <p>A dollar sign opens a formula only as in Markdown: no blank behind it, none before the closing one, no digit after
 * that; so "costs $5 and then $7" keeps its words.
 */
final class LanguageText {
    private final String text;
    private final StringBuilder out;
    private int at;
    private boolean noMoreParentheses;
    private boolean noMoreBrackets;
    private boolean noMoreBoxes;
    private boolean noMoreFences;

    private LanguageText(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length());
    }

    /** The words of a text, separated by single blanks. */
    static String words(String text) {
        return new LanguageText(text).strip();
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
        if (isWordPart(point) || isApostropheInside(c)) out.append(text, at, at + size);
        else blank();
        at += size;
    }

    private boolean isApostropheInside(char c) {
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
        if (text.startsWith("\\(", at) && !noMoreParentheses) {
            close = text.indexOf("\\)", at + 2);
            noMoreParentheses = close < 0;
            close = close < 0 ? -1 : close + 2;
        } else if (text.startsWith("\\[", at) && !noMoreBrackets) {
            close = text.indexOf("\\]", at + 2);
            noMoreBrackets = close < 0;
            close = close < 0 ? -1 : close + 2;
        } else if (text.startsWith("\\boxed{", at) && !noMoreBoxes) {
            close = AnswerExtractor.closingBrace(text, at + 6) + 1;
            noMoreBoxes = close == 0;
            close = close == 0 ? -1 : close;
        }
        if (close >= 0) {
            at = close;
            return;
        }
        at++;
        while (at < text.length() && isAsciiLetter(text.charAt(at))) at++;
    }

    private static boolean isAsciiLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
