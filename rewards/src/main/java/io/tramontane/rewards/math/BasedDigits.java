package io.tramontane.rewards.math;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in a base above ten, whose digits go on with letters: {@code 2A_{16}}. */
final class BasedDigits {
    private static final Pattern WITH_BASE =
            Pattern.compile("([0-9A-Z]{2,40})_ ?(?:\\{ ?)?(1[1-9]|2[0-9]|3[0-6])(?![0-9])");

    private BasedDigits() {}

    /** The end of the digits that start here; {@code from} where none do. One letter alone is a variable. */
    static int end(String text, int from) {
        char c = text.charAt(from);
        boolean starts = NumberText.isDigit(c) || c >= 'A' && c <= 'Z';
        boolean goesOn = from > 0 && Character.isLetterOrDigit(text.charAt(from - 1));
        if (!starts || goesOn) return from;
        Matcher matcher = WITH_BASE.matcher(text).region(from, text.length());
        if (!matcher.lookingAt()) return from;
        String digits = matcher.group(1);
        int base = Integer.parseInt(matcher.group(2));
        boolean letters = digits.chars().anyMatch(digit -> digit >= 'A');
        boolean all = digits.chars().allMatch(digit -> Character.digit(digit, base) >= 0);
        return letters && all ? from + digits.length() : from;
    }
}
