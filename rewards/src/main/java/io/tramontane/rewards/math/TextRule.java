package io.tramontane.rewards.math;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be decided from the letters alone: equal texts, words, the letter of a choice. */
final class TextRule {
    private static final Pattern LETTER = Pattern.compile("\\(?([A-Z])\\)?");
    /** What follows the letter must be neither another letter nor lead to one: "(A) or (B)" chooses nothing. */
    private static final Pattern LETTER_FIRST = Pattern.compile(
            "(?:\\(([A-Z])\\)|([A-Z])[.)]|([A-Z]): )(?! ?(?:,|;|/|&|or\\b|and\\b|not\\b|\\\\(?!frac|sqrt|pi)[a-z]))"
                    + "(?!(?:.*[^a-zA-Z\\\\])?(?:\\([A-Z]\\)|[A-Z][.)]|[A-Z]: |(?:or|and|not) [A-Z]\\b)).*");

    private static final Pattern LABELLED =
            Pattern.compile("(?:\\(([A-E])\\)|([A-E])[.)]) (?:[0-9a-zA-Z$.-]|\\\\(?:frac|sqrt|pi|\\$)).*");
    private static final Pattern NAMED = Pattern.compile("(?i:option|choice|answer|part|case) ?\\(?([A-Z])\\)?");
    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("allrealnumbers", "\\mathbb{R}"),
            Map.entry("allreals", "\\mathbb{R}"),
            Map.entry("realnumbers", "\\mathbb{R}"),
            Map.entry("\\R", "\\mathbb{R}"),
            Map.entry("emptyset", "\\varnothing"),
            Map.entry("theemptyset", "\\varnothing"),
            Map.entry("nosolution", "\\varnothing"),
            Map.entry("nosolutions", "\\varnothing"),
            Map.entry("\\{\\}", "\\varnothing"),
            Map.entry("dne", "does not exist"),
            Map.entry("doesnotexist", "does not exist"),
            Map.entry("infinity", "\\infty"),
            Map.entry("zero", "0"),
            Map.entry("one", "1"),
            Map.entry("two", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"),
            Map.entry("eleven", "11"),
            Map.entry("twelve", "12"));

    private TextRule() {}

    /** The words behind an introduction such as "the answer is", without text commands. */
    static String plain(String cleaned) {
        String text = withoutText(cleaned);
        String[] words = text.strip().split(" +");
        int from = 0;
        while (from < words.length - 1
                && !words[from].equals("A:")
                && Units.INTRODUCTION.contains(
                        words[from].toLowerCase(Locale.ROOT).replace(":", ""))) from++;
        return from == 0 ? text.strip() : String.join(" ", Arrays.asList(words).subList(from, words.length));
    }

    private static String withoutText(String cleaned) {
        StringBuilder out = new StringBuilder(cleaned.length());
        for (int i = 0; i < cleaned.length(); i++) {
            boolean text = cleaned.startsWith("\\text{", i);
            int close = text ? CleanText.closingBrace(cleaned, i + 5) : -1;
            if (close < 0) out.append(cleaned.charAt(i));
            else {
                out.append(cleaned, i + 6, close);
                i = close;
            }
        }
        return out.toString();
    }

    /** Without blanks, except those that keep two words or two numbers apart, and without braces around one letter. */
    static String squeezed(String plain) {
        StringBuilder out = new StringBuilder(plain.length());
        for (int i = 0; i < plain.length(); i++) {
            boolean blank = plain.charAt(i) == ' ';
            boolean between = blank
                    && i > 0
                    && i + 1 < plain.length()
                    && Character.isLetterOrDigit(plain.charAt(i - 1))
                    && Character.isLetterOrDigit(plain.charAt(i + 1));
            if (!blank || between) out.append(plain.charAt(i));
        }
        return out.toString();
    }

    /** Equal texts; words of three letters and more in any case. */
    static boolean same(String gold, String given) {
        String wanted = synonym(squeezed(plain(gold)));
        String found = synonym(squeezed(plain(given)));
        if (wanted.isEmpty()) return false;
        return wanted.equals(found) || isWords(wanted) && wanted.equalsIgnoreCase(found);
    }

    /** The usual notation for "all real numbers" and the like; any other answer as it is. */
    static String notation(String cleaned) {
        String text = plain(cleaned);
        String notation = synonym(text);
        return notation.equals(text) ? cleaned : notation;
    }

    private static String synonym(String text) {
        String key = text.toLowerCase(Locale.ROOT).replace(" ", "");
        return SYNONYMS.getOrDefault(key, text);
    }

    private static boolean isWords(String text) {
        boolean mixed = !text.equals(text.toUpperCase(Locale.ROOT)) || text.length() > 3;
        return text.length() > 1 && mixed && text.chars().allMatch(c -> Character.isLetter(c) || c == ' ');
    }

    /**
     * Whether one of the two is a word, so that only the text can be compared: letters alone, and neither a product such
     * as {@code xy} or {@code abc}, whose letters are in order.
     */
    static boolean areWords(String gold, String given) {
        String wanted = squeezed(plain(gold));
        String found = squeezed(plain(given));
        return (isWord(wanted) || isWord(found)) && !isProduct(wanted) && !isProduct(found);
    }

    private static boolean isWord(String text) {
        if (text.length() < 2 || Arrays.stream(text.split(" +")).allMatch(TextRule::isFactor)) return false;
        String prefix = Names.prefix(text);
        if (prefix != null && text.length() <= prefix.length() + 2) return false;
        return text.chars().allMatch(c -> Character.isLetter(c) || c == ' ');
    }

    /** {@code y x} and {@code y pi} are products. */
    private static boolean isFactor(String word) {
        return word.length() == 1 || Names.known(word) != null;
    }

    private static boolean isProduct(String text) {
        if (text.length() < 2 || text.length() > 3 || !text.chars().allMatch(c -> c >= 'a' && c <= 'z')) return false;
        for (int i = 1; i < text.length(); i++) if (text.charAt(i) < text.charAt(i - 1)) return false;
        return true;
    }

    /** The letter of a choice, {@code A}, {@code (A)}, {@code (A) 15}; null when the reference is none. */
    static String choice(String cleaned) {
        String text = withoutBraces(cleaned);
        Matcher matcher = LETTER.matcher(text);
        if (matcher.matches()) return matcher.group(1);
        Matcher labelled = LABELLED.matcher(text);
        if (!labelled.matches()) return null;
        return labelled.group(1) != null ? labelled.group(1) : labelled.group(2);
    }

    /** Whether the answer chooses the letter: {@code (B)}, {@code B.}, {@code (B) 15}, {@code Option B}. */
    static boolean chooses(String letter, String given) {
        String text = withoutBraces(given);
        for (Pattern pattern : new Pattern[] {LETTER, NAMED, LETTER_FIRST}) {
            Matcher matcher = pattern.matcher(text);
            if (!matcher.matches()) continue;
            for (int group = 1; group <= matcher.groupCount(); group++)
                if (matcher.group(group) != null) return matcher.group(group).equals(letter);
        }
        return false;
    }

    private static String withoutBraces(String cleaned) {
        return plain(cleaned).replace("{", "").replace("}", "").strip();
    }
}
