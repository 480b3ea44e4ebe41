package io.tramontane.rewards.math;

import java.math.BigInteger;

/**
 * Scans one number in a cleaned text: thousands separators, decimals, repeating decimals, and scientific notation with
 * an e. The result is plain text: digits, a point, digits, the repeating block in parentheses, e and the exponent.
 */
final class NumberText {
    private static final int MAX_DIGITS = 3000;
    private static final int MAX_EXPONENT = 4000;

    private final String text;
    private final CommaRules commas;
    private final boolean inBrackets;
    private int at;

    private NumberText(String text, int at, CommaRules commas, boolean inBrackets) {
        this.text = text;
        this.at = at;
        this.commas = commas;
        this.inBrackets = inBrackets;
    }

    /** A scanned number and where the text goes on. */
    record Scan(String digits, int end) {}

    static Scan scan(String text, int from, CommaRules commas, boolean inBrackets) {
        NumberText scanner = new NumberText(text, from, commas, inBrackets);
        StringBuilder digits = new StringBuilder(scanner.whole());
        String fraction = scanner.fraction();
        if (fraction != null) digits.append('.').append(fraction);
        scanner.exponent(digits);
        if (digits.length() > MAX_DIGITS) throw new UndecidableException("number above " + MAX_DIGITS + " digits");
        return new Scan(digits.toString(), scanner.at);
    }

    private String whole() {
        int start = at;
        at = endOfDigits(at);
        String first = text.substring(start, at);
        boolean mayGroup = first.length() >= 1 && first.length() <= 3 && first.charAt(0) != '0';
        boolean afterComma = start > 0 && charAt(start - 1) == ',';
        if (!mayGroup) return first;
        for (String separator : new String[] {"{,}", ",", " ", "'", "."}) {
            if (separator.equals(",") && (afterComma || !commas.thousands())) continue;
            int end = endOfGroups(separator);
            if (end > at && isWholeNumber(separator, end)) {
                String all = text.substring(start, end).replace(separator, "");
                at = end;
                return all;
            }
        }
        return first;
    }

    private int endOfGroups(String separator) {
        int end = at;
        while (text.startsWith(separator, end) && endOfDigits(end + separator.length()) == end + separator.length() + 3)
            end += separator.length() + 3;
        return end;
    }

    /** Whether the groups found up to {@code end} make one number, and not a list or a decimal. */
    private boolean isWholeNumber(String separator, int end) {
        boolean listGoesOn = text.startsWith(",", end) && isDigit(charAt(end + 1));
        return switch (separator) {
            case "," -> !listGoesOn && (!inBrackets || charAt(at + 1) == '0');
            case "." -> end - at >= 8 || commas.decimalComma() && !inBrackets && listGoesOn;
            case " " ->
                charAt(end) != '/' && (!text.startsWith(" ", end) || !isDigit(charAt(end + 1)) || isFraction(end + 1));
            default -> true;
        };
    }

    /** The fraction of a mixed number: {@code 1 000 4/9}. */
    private boolean isFraction(int from) {
        int slash = endOfDigits(from);
        return slash > from && charAt(slash) == '/' && isDigit(charAt(slash + 1));
    }

    /** Digits behind the point, a repeating block in parentheses; null when there is no point. */
    private String fraction() {
        boolean comma = commas.decimalComma() && !inBrackets && charAt(at) == ',' && isDigit(charAt(at + 1));
        boolean braced = text.startsWith("{,}", at) && isDigit(charAt(at + 3));
        if (charAt(at) != '.' && !comma && !braced) return null;
        boolean repeats = text.startsWith("\\", at + 1) || charAt(at + 1) == '(';
        if (!comma && !braced && !isDigit(charAt(at + 1)) && !repeats) {
            at++;
            return "";
        }
        int start = at + (braced ? 3 : 1);
        at = endOfDigits(start);
        String digits = text.substring(start, at);
        String block = repeatingBlock();
        if (block != null) return digits + "(" + block + ")";
        return text.startsWith("\\ldots", at) ? continued(digits) : digits;
    }

    /** {@code \overline{3}}, {@code \dot{3}}, {@code (3)} behind the digits. */
    private String repeatingBlock() {
        for (String opening :
                new String[] {"\\overline {", "\\bar {", "\\dot {", "\\overline ", "\\bar ", "\\dot ", "("}) {
            if (!text.startsWith(opening, at)) continue;
            int start = at + opening.length();
            boolean bare = opening.endsWith(" ");
            int end = bare ? Math.min(start + 1, text.length()) : endOfDigits(start);
            String closing = opening.endsWith("{") ? "}" : bare ? "" : ")";
            if (end == start || !isDigit(charAt(start)) || !text.startsWith(closing, end)) continue;
            at = end + closing.length();
            if (!opening.startsWith("\\dot")) return text.substring(start, end);
            return dotted(text.substring(start, end));
        }
        return null;
    }

    /** {@code \dot{1}42\dot{7}}: the block reaches from dot to dot. */
    private String dotted(String first) {
        int end = endOfDigits(at);
        if (!text.startsWith("\\dot {", end) || endOfDigits(end + 6) != end + 7 || charAt(end + 7) != '}') return first;
        String block = first + text.substring(at, end) + charAt(end + 6);
        at = end + 8;
        return block;
    }

    /** {@code 0.1666...}: the shortest block that stands at the end three times, or twice if longer than one digit. */
    private String continued(String digits) {
        for (int length = 1; length * 2 <= digits.length(); length++) {
            String block = digits.substring(digits.length() - length);
            int times = length == 1 ? 3 : 2;
            if (digits.endsWith(block.repeat(times))) {
                at += "\\ldots".length();
                return digits.substring(0, digits.length() - length * times) + "(" + block + ")";
            }
        }
        return digits;
    }

    /** {@code 1.5e-3}, {@code 2E6}; {@code 3e-2} is Euler's number minus 2 unless the mantissa is 1 or has a point. */
    private void exponent(StringBuilder digits) {
        char e = charAt(at);
        if (e != 'e' && e != 'E' || digits.indexOf("(") >= 0) return;
        boolean signed = charAt(at + 1) == '-' || charAt(at + 1) == '+';
        int start = at + (signed ? 2 : 1);
        int end = endOfDigits(start);
        if (end == start || end - start > 4 || CleanText.isLetter(charAt(end))) return;
        if (signed && e == 'e' && digits.indexOf(".") < 0 && !digits.toString().equals("1") && end - start < 2) return;
        String exponent = text.substring(at + 1, end).replace("+", "");
        digits.append('e').append(exponent);
        at = end;
    }

    /** The value of what {@link #scan} returned. */
    static MathNode.Num number(String digits) {
        int e = digits.indexOf('e');
        String mantissa = e < 0 ? digits : digits.substring(0, e);
        int point = mantissa.indexOf('.');
        String whole = point < 0 ? mantissa : mantissa.substring(0, point);
        String fraction = point < 0 ? "" : mantissa.substring(point + 1);
        int block = fraction.indexOf('(');
        String repeat = block < 0 ? "" : fraction.substring(block + 1, fraction.length() - 1);
        String fixed = block < 0 ? fraction : fraction.substring(0, block);
        if (whole.isEmpty() && fraction.isEmpty()) throw new UndecidableException("a lone decimal point");
        BigInteger scale = BigInteger.TEN.pow(fixed.length());
        BigInteger top = new BigInteger("0" + whole + fixed);
        Rational value = Rational.of(top, scale);
        if (!repeat.isEmpty()) {
            BigInteger nines = BigInteger.TEN.pow(repeat.length()).subtract(BigInteger.ONE);
            value = value.plus(Rational.of(new BigInteger(repeat), nines.multiply(scale)));
        }
        int places = !repeat.isEmpty() || e >= 0 ? -2 : point < 0 ? -1 : fixed.length();
        if (e >= 0) value = value.times(tenTo(Integer.parseInt(digits.substring(e + 1))));
        return new MathNode.Num(value, places, significant(whole + fixed));
    }

    private static Rational tenTo(int exponent) {
        if (Math.abs(exponent) > MAX_EXPONENT) throw new UndecidableException("exponent above " + MAX_EXPONENT);
        return Rational.of(10).power(BigInteger.valueOf(exponent));
    }

    private static int significant(String digits) {
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') zeros++;
        return digits.length() - zeros;
    }

    private int endOfDigits(int from) {
        int end = from;
        while (isDigit(charAt(end))) end++;
        return end;
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
