package io.tramontane.rewards.math;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence before an answer: {@code The mode is 1/3}. It is left out where the other side has none, or the same. What
 * follows must be mathematics; "Ann is older" and "Bob is older" are two answers.
 */
record Introductions(String sentence, String answer) {
    private static final Pattern SENTENCE = Pattern.compile(
            "((?:[a-zA-Z]+ ){1,10}?(?:is|are|was|were|equals|equal)(?: equal)?(?: to)?)"
                    + " ?:? ?([-+0-9(\\[.].*|\\\\(?!text|mathbb)[^a-zA-Z].*|\\\\(?!text)[a-zA-Z].*|[a-zA-Z] ?[=<>,^_+\\-*/(].*|[a-zA-Z])");
    private static final Pattern LABEL =
            Pattern.compile("((?:[a-zA-Z]+ ){0,5}[a-zA-Z]{3,}) ?: ?([-+0-9(\\[.\\\\].*|[a-zA-Z] ?=.*)");
    private static final Set<String> REFUSED = Set.of(
            "not", "no", "or", "and", "never", "neither", "nor", "if", "than", "isn", "unless", "except", "wrong",
            "false");

    /** The answer without {@code \text{}} around the words of its sentence; null when there is no sentence. */
    static Introductions of(String cleaned) {
        if (cleaned.length() < 5 || !startsWithWord(cleaned)) return null;
        String text = cleaned.startsWith("\\text{") ? unwrapped(cleaned) : cleaned;
        for (Pattern pattern : new Pattern[] {SENTENCE, LABEL}) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.matches()) continue;
            String sentence = matcher.group(1).toLowerCase(Locale.ROOT);
            for (String word : sentence.split(" ")) if (REFUSED.contains(word)) return null;
            return new Introductions(sentence, matcher.group(2).strip());
        }
        return null;
    }

    private static boolean startsWithWord(String text) {
        return CleanText.isLetter(text.charAt(0)) || text.startsWith("\\text{");
    }

    private static String unwrapped(String cleaned) {
        int close = CleanText.closingBrace(cleaned, 5);
        if (close < 0) return cleaned;
        return (cleaned.substring(6, close).strip() + " "
                        + cleaned.substring(close + 1).strip())
                .strip();
    }
}
