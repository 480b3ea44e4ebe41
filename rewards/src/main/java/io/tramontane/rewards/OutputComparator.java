package io.tramontane.rewards;

import io.tramontane.data.Problem.Compare;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Compares what a program printed with what it should have printed. Blanks at line ends and empty lines at the end never
 * matter; then there must be as many lines, and each line equal, or equal token by token: the same text, or the same
 * value where both are numbers. What the expected output looks like decides the rest, unless the problem does
 * ({@link Compare}):
 *
 * <ul>
 *   <li>where it is laid out ({@link Layout}), blanks and empty lines at the start count, else they do not;
 *   <li>a token with leading zeros, or a plus sign, is text in that respect: {@code 007} is not 7;
 *   <li>a difference of 1e-6, absolute or relative, is allowed where its token has a decimal point or an exponent.
 * </ul>
 *
 * Integers are exact. Never ignores case, order or repetition.
 */
final class OutputComparator {
    private static final int LONGEST_NUMBER = 400;
    private static final String EXPONENT = "([eE][+-]?\\d{1,3}+)?";
    /** As programs print numbers: no leading zeros. No NaN, no hexadecimal, at most three digits of exponent. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?((0|[1-9]\\d*+)(\\.\\d*+)?|\\.\\d++)" + EXPONENT);

    /** Where only the value counts. */
    private static final Pattern ANY_NUMBER = Pattern.compile("[+-]?(\\d++(\\.\\d*+)?|\\.\\d++)" + EXPONENT);

    /** Digits around an e, as in hexadecimal text: not a usual form of a printed number. */
    private static final Pattern DIGITS_WITH_E = Pattern.compile("[+-]?\\d\\d++[eE]\\d++");

    private static final Pattern BLANKS = Pattern.compile("\\s++");
    private static final Pattern TOKEN = Pattern.compile("\\S++");
    private static final BigDecimal TOLERANCE = new BigDecimal("1e-6");

    private final Compare how;
    private final boolean blanksCount;

    private OutputComparator(Compare how, boolean blanksCount) {
        this.how = how;
        this.blanksCount = blanksCount;
    }

    static boolean same(String expected, String printed, Compare how) {
        List<String> wanted = lines(expected);
        List<String> given = lines(printed);
        boolean blanksCount = how == Compare.TEXT || how == Compare.AUTO && Layout.isIn(wanted);
        if (!blanksCount) {
            dropEmptyStart(wanted);
            dropEmptyStart(given);
        }
        if (wanted.size() != given.size()) return false;
        OutputComparator comparator = new OutputComparator(how, blanksCount);
        for (int i = 0; i < wanted.size(); i++) {
            if (!comparator.sameLine(wanted.get(i), given.get(i))) return false;
        }
        return true;
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) lines.add(line.stripTrailing());
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) lines.remove(lines.size() - 1);
        return lines;
    }

    private static void dropEmptyStart(List<String> lines) {
        int empty = 0;
        while (empty < lines.size() && lines.get(empty).isEmpty()) empty++;
        lines.subList(0, empty).clear();
    }

    private boolean sameLine(String wanted, String given) {
        if (wanted.equals(given)) return true;
        if (how == Compare.TEXT || blanksCount && !gaps(wanted).equals(gaps(given))) return false;
        String[] wantedTokens = BLANKS.split(wanted.strip());
        String[] givenTokens = BLANKS.split(given.strip());
        if (wantedTokens.length != givenTokens.length) return false;
        for (int i = 0; i < wantedTokens.length; i++) {
            if (!sameToken(wantedTokens[i], givenTokens[i])) return false;
        }
        return true;
    }

    /** The blanks of a line, with a mark for each token. */
    private static String gaps(String line) {
        return TOKEN.matcher(line).replaceAll("x");
    }

    private boolean sameToken(String wanted, String given) {
        if (wanted.equals(given)) return true;
        if (!isValue(wanted) || !isValue(given)) return false;
        if (how == Compare.AUTO && (DIGITS_WITH_E.matcher(wanted).matches() || isSigned(wanted) && !isSigned(given)))
            return false;
        BigDecimal a = new BigDecimal(wanted);
        BigDecimal b = new BigDecimal(given);
        if (a.compareTo(b) == 0) return true;
        BigDecimal allowed = TOLERANCE.max(TOLERANCE.multiply(a.abs()));
        return isInexact(wanted) && a.subtract(b).abs().compareTo(allowed) <= 0;
    }

    private static boolean isSigned(String token) {
        return token.charAt(0) == '+';
    }

    private static boolean isInexact(String token) {
        return token.indexOf('.') >= 0 || token.indexOf('e') >= 0 || token.indexOf('E') >= 0;
    }

    private boolean isValue(String token) {
        Pattern spelling = how == Compare.VALUES ? ANY_NUMBER : NUMBER;
        return token.length() <= LONGEST_NUMBER && spelling.matcher(token).matches();
    }

    /** True for what a program prints as a number. */
    static boolean isNumber(String token) {
        return token.length() <= LONGEST_NUMBER && NUMBER.matcher(token).matches();
    }
}
