package io.tramontane.rewards;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compares what a program printed with what it should have printed. Blanks at line ends and empty lines at the end do not
 * matter; then there must be as many lines, and each line equal, or equal token by token: the same text, or the same
 * value where both are plain decimals. A tolerance of 1e-6, absolute or relative, only where the expected token has a
 * decimal point. Integers are exact. Never ignores case, order or repetition.
 */
final class OutputComparator {
    private static final int LONGEST_NUMBER = 400;
    /** No exponent, no NaN, no hexadecimal: nothing whose value could explode. */
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(\\d++(\\.\\d*+)?|\\.\\d++)");

    private static final Pattern BLANKS = Pattern.compile("\\s++");
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

    private OutputComparator() {}

    static boolean same(String expected, String printed) {
        List<String> wanted = lines(expected);
        List<String> given = lines(printed);
        if (wanted.size() != given.size()) return false;
        for (int i = 0; i < wanted.size(); i++) {
            if (!sameLine(wanted.get(i), given.get(i))) return false;
        }
        return true;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) lines.add(line.stripTrailing());
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) lines.remove(lines.size() - 1);
        return lines;
    }

    private static boolean sameLine(String wanted, String given) {
        if (wanted.equals(given)) return true;
        String[] wantedTokens = BLANKS.split(wanted.strip());
        String[] givenTokens = BLANKS.split(given.strip());
        if (wantedTokens.length != givenTokens.length) return false;
        for (int i = 0; i < wantedTokens.length; i++) {
            if (!sameToken(wantedTokens[i], givenTokens[i])) return false;
        }
        return true;
    }

    private static boolean sameToken(String wanted, String given) {
        if (wanted.equals(given)) return true;
        if (!isDecimal(wanted) || !isDecimal(given)) return false;
        BigDecimal a = new BigDecimal(wanted);
        BigDecimal b = new BigDecimal(given);
        if (a.compareTo(b) == 0) return true;
        BigDecimal allowed = TOLERANCE.max(TOLERANCE.multiply(a.abs()));
        return wanted.indexOf('.') >= 0 && a.subtract(b).abs().compareTo(allowed) <= 0;
    }

    private static boolean isDecimal(String token) {
        return token.length() <= LONGEST_NUMBER && DECIMAL.matcher(token).matches();
    }
}
