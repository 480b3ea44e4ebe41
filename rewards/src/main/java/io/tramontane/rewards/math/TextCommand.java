package io.tramontane.rewards.math;

import java.util.regex.Pattern;

/** Rewrites a text command ({@code \text{...}}) by its content: a connector, mathematics set as text, or words. */
final class TextCommand {
    private static final Pattern HALF_OF_DAY = Pattern.compile("(?i)[ap]\\.m\\.?");

    private TextCommand() {}

    /** What replaces {@code \text{content}}. */
    static String asText(String content, boolean bold) {
        StringBuilder plain = new StringBuilder(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (c == '$' || c == '~') plain.append(c == '~' ? " " : "");
            else if (c == '\\' && i + 1 < content.length() && " ,;:%".indexOf(content.charAt(i + 1)) >= 0)
                plain.append(content.charAt(++i) == '%' ? "%" : " ");
            else plain.append(Symbols.latex(c));
        }
        String text = plain.toString().strip();
        if (text.isEmpty()) return " ";
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        String connector = Names.CONNECTORS.get(withoutCommas(lower));
        if (connector != null && text.length() > 1) return " \\" + connector + " ";
        if (bold && text.length() == 1 && "ijkeE".contains(text)) return "\\vec" + text + " ";
        if (text.length() == 1) return text;
        if (HALF_OF_DAY.matcher(text).matches()) return "\\text{" + lower.replace(".", "") + "}";
        if (Names.known(text) != null) return "\\" + text + " ";
        return isMathematics(text) ? "{" + nested(text) + "}" : "\\text{" + text + "}";
    }

    private static String withoutCommas(String text) {
        String trimmed = text;
        while (trimmed.startsWith(",")) trimmed = trimmed.substring(1).strip();
        while (trimmed.endsWith(","))
            trimmed = trimmed.substring(0, trimmed.length() - 1).strip();
        return trimmed;
    }

    /** Only digits, signs and single letters: {@code \text{13}}, {@code \text{(A)}}, {@code \text{2x}}. */
    private static boolean isMathematics(String text) {
        int letters = 0;
        boolean other = false;
        if (text.indexOf('/') >= 0 && text.chars().noneMatch(Character::isDigit)) return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            letters = Character.isLetter(c) ? letters + 1 : 0;
            if (letters > 1) return false;
            other |= !Character.isLetter(c) && c != ' ';
        }
        return other;
    }

    private static String nested(String text) {
        return text.indexOf('\\') >= 0 ? CleanText.of(text) : text;
    }
}
