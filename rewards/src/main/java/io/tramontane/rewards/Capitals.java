package io.tramontane.rewards;

import java.util.Locale;

/**
 * Lower-cases what is written in capitals. Most letters large, or most words with a large initial: the whole text. In any other
 * text the words in capitals only, so that names and German nouns stay as the classifier knows them.
 */
final class Capitals {
    private static final double MANY_LETTERS = 0.3;
    private static final double MANY_WORDS = 0.8;
    private static final int A_FEW_WORDS = 4;

    private Capitals() {}

    /** @param text words between single blanks, see {@link LanguageText} */
    static String lowered(String text) {
        int large = 0;
        int small = 0;
        int words = 0;
        int initials = 0;
        boolean start = true;
        for (int i = 0, point; i < text.length(); i += Character.charCount(point)) {
            point = text.codePointAt(i);
            boolean upper = Character.isUpperCase(point) || Character.isTitleCase(point);
            boolean lower = Character.isLowerCase(point);
            if (upper) large++;
            if (lower) small++;
            if (start && (upper || lower)) words++;
            if (start && upper) initials++;
            start = point == ' ';
        }
        if (large == 0) return text;
        boolean titles = words >= A_FEW_WORDS && initials >= MANY_WORDS * words;
        if (titles || large > MANY_LETTERS * (large + small)) return text.toLowerCase(Locale.ROOT);
        return withoutShouting(text);
    }

    private static String withoutShouting(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int from = 0, to; from < text.length(); from = to) {
            to = text.indexOf(' ', from);
            to = to < 0 ? text.length() : to + 1;
            String word = text.substring(from, to);
            out.append(isShouted(word) ? word.toLowerCase(Locale.ROOT) : word);
        }
        return out.toString();
    }

    private static boolean isShouted(String word) {
        return word.codePoints().filter(Character::isUpperCase).count() > 1
                && word.codePoints().noneMatch(Character::isLowerCase);
    }
}
