package io.tramontane.rewards.math;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells units from variables and functions while a text is cleaned: {@code 5 \mathrm{~m}}, {@code 12 \mathrm{min}},
 * {@code 9.8 \mathrm{m/s^2}}, {@code 25^\circ \mathrm{C}}. A blank inside of the command says that it is a unit; without
 * one a number must stand before it.
 */
final class UnitText {
    private static final Pattern GAP = Pattern.compile("(?:~|\\s|\\\\[ ,;:]|\\\\quad)+");
    private static final Set<String> LETTERS =
            Set.of("m", "g", "s", "h", "L", "l", "N", "J", "W", "V", "C", "K", "A", "F", "T", "H");
    /** Units that are also functions or signs. */
    private static final Set<String> SHORT = Set.of("min", "sec", "in");

    private static final Pattern COMPOUND = Pattern.compile(
            "[a-zA-Z]+(?:\\^\\{?-?[1-9]\\}?)?(?: ?(?:/|\\\\cdot|\\*|-| ) ?[a-zA-Z]+(?:\\^\\{?-?[1-9]\\}?)?){0,4}");
    private static final Pattern ROMAN =
            Pattern.compile("\\{ ?\\\\rm ?\\{?([^{}\\\\]*)\\}?\\}|\\\\rm ?\\{([^{}]*)\\}|\\\\rm ?([a-zA-Z]+)");
    private static final Pattern TEMPERATURE =
            Pattern.compile("(?:\\^ ?\\{? ?\\\\circ ?\\}?|\u00B0) ?(?:\\\\text\\{ ?)?([CF])(?: ?\\})?(?![a-zA-Z_({])");

    private UnitText() {}

    /** {@code {\rm m}} and {@code \rm{m}} as {@code \mathrm{m}}. */
    static String upright(String raw) {
        if (!raw.contains("\\rm")) return raw;
        return ROMAN.matcher(raw).replaceAll(match -> {
            String word =
                    match.group(1) != null ? match.group(1) : match.group(2) != null ? match.group(2) : match.group(3);
            return Matcher.quoteReplacement("\\mathrm{" + word + "}");
        });
    }

    /** {@code 25^\circ C} as a number with a unit, and no angle. */
    static String temperatures(String cleaned) {
        boolean degrees = cleaned.contains("\\circ") || cleaned.indexOf('\u00B0') >= 0;
        if (!degrees || cleaned.indexOf('C') < 0 && cleaned.indexOf('F') < 0) return cleaned;
        return TEMPERATURE
                .matcher(cleaned)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1).equals("C") ? "\\text{celsius}" : "\\text{fahrenheit}"));
    }

    /** The unit that a text command with this content is behind {@code before}; null when it is none. */
    static String of(String content, CharSequence before, String after) {
        Matcher gap = GAP.matcher(content);
        boolean spaced = gap.lookingAt();
        String word = (spaced ? content.substring(gap.end()) : content).strip();
        if (word.endsWith(".")) word = word.substring(0, word.length() - 1);
        if (!isUnit(word, spaced) && !(word.equals("k") && after.startsWith("\\Omega"))
                || after.startsWith("_")
                || after.startsWith("(")) return null;
        if (!spaced && after.startsWith("+")) return null;
        return spaced && endsOperand(before) || endsNumber(before) ? word.replace("\\cdot", " ") : null;
    }

    private static boolean isUnit(String word, boolean spaced) {
        if (LETTERS.contains(word) || SHORT.contains(word) || spaced && word.equals("d")) return true;
        return word.length() > 1 && word.length() < 30 && COMPOUND.matcher(word).matches() && isCompound(word);
    }

    private static boolean isCompound(String word) {
        String[] parts = word.split("[ /*-]|\\\\cdot");
        if (parts.length == 1 && word.indexOf('^') < 0) return false;
        for (String part : parts) {
            String unit = part.replaceAll("\\^.*|[0-9{}]", "");
            if (!unit.isEmpty() && !LETTERS.contains(unit) && !SHORT.contains(unit) && !Units.isWord(unit))
                return false;
        }
        return true;
    }

    /** A number, a bracket or a slash, pi, or a unit and a sign of multiplication. */
    private static boolean endsNumber(CharSequence before) {
        int last = lastOf(before, before.length());
        if (last < 0) return false;
        char c = before.charAt(last);
        if (NumberText.isDigit(c) || "/})".indexOf(c) >= 0) return true;
        if (c == '*' || c == '-') {
            int unit = lastOf(before, last);
            return unit > 0 && before.charAt(unit) == '}' && before.toString().lastIndexOf("\\text{") > 0;
        }
        return before.toString().stripTrailing().endsWith("\\pi");
    }

    private static boolean endsOperand(CharSequence before) {
        int last = lastOf(before, before.length());
        return last >= 0
                && (Character.isLetterOrDigit(before.charAt(last)) || ")]}|!%'".indexOf(before.charAt(last)) >= 0);
    }

    private static int lastOf(CharSequence before, int end) {
        int last = end - 1;
        while (last >= 0 && " \u2000\u2001".indexOf(before.charAt(last)) >= 0) last--;
        return last;
    }
}
