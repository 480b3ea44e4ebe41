package io.tramontane.rewards;

import io.tramontane.rewards.Rational.UndecidableException;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;

/**
 * Reads one exact number from simple LaTeX by recursive descent: sums, products, quotients, whole powers, rational
 * roots, fractions ({@code a/b}, {@code \frac}, {@code \frac12}), mixed numbers, decimals, thousands separators, signs,
 * percent, and units in {@code \text{}} behind it. Bounded: at most {@link #MAX_LENGTH} characters, {@link #MAX_DEPTH}
 * levels and {@link Rational#MAX_BITS} bits. Everything else is an {@link UndecidableException}.
 *
 * <p>{@code 1,000} and {@code 1 000} (groups of exactly three) are thousands; a comma before any other number of digits
 * is a decimal comma where the caller allows it, because a reference such as {@code 1,2} may as well be a list.
 */
final class NumberReader {
    static final int MAX_LENGTH = 1000;
    static final int MAX_DEPTH = 40;
    private static final Set<String> TEXT =
            Set.of("text", "mathrm", "textrm", "textbf", "mathbf", "mbox", "operatorname");
    /** Words that would change the number; in the languages that we ask in. */
    private static final Set<String> SCALES = Set.of(
            "hundred",
            "thousand",
            "million",
            "billion",
            "trillion",
            "dozen",
            "dozens",
            "thousands",
            "millions",
            "mille",
            "milliard",
            "milliards",
            "mil",
            "millones",
            "mila",
            "milione",
            "milioni",
            "tausend",
            "millionen",
            "milliarden",
            "cent",
            "cento",
            "hundert",
            "\u767E",
            "\u5343",
            "\u4E07",
            "\u4EBF",
            "\u0442\u044B\u0441\u044F\u0447",
            "\u0442\u044B\u0441\u044F\u0447\u0438",
            "\u043C\u0438\u043B\u043B\u0438\u043E\u043D",
            "\u043C\u0438\u043B\u043B\u0438\u043E\u043D\u043E\u0432");

    private final String text;
    private final boolean decimalComma;
    private int at;
    private int depth;

    private NumberReader(String text, boolean decimalComma) {
        this.text = text;
        this.decimalComma = decimalComma;
    }

    /** A value as written: {@code 50\%} is value 50 with percent. */
    record Value(Rational number, boolean percent) {
        /** Equal as written, or as the share that a percent sign means where only one side has it. */
        boolean sameAs(Value other) {
            if (number.equals(other.number)) return true;
            return percent != other.percent && share().equals(other.share());
        }

        private Rational share() {
            return percent ? number.dividedBy(Rational.of(BigInteger.valueOf(100))) : number;
        }
    }

    /** Reads a normalised text ({@link LatexText}) that is one number and nothing else. */
    static Value read(String text, boolean decimalComma) {
        if (text.length() > MAX_LENGTH) throw new UndecidableException("longer than " + MAX_LENGTH + " characters");
        return new NumberReader(text, decimalComma).whole();
    }

    private Value whole() {
        skipBlanks();
        if (at < text.length() && "\u20AC\u00A3\u00A5".indexOf(text.charAt(at)) >= 0) at++;
        Rational number = sum();
        skipBlanks();
        boolean percent = take('%');
        skipUnits();
        if (at < text.length()) throw new UndecidableException("cannot read on at \"" + rest() + "\"");
        return new Value(number, percent);
    }

    private Rational sum() {
        if (++depth > MAX_DEPTH) throw new UndecidableException("deeper than " + MAX_DEPTH + " levels");
        Rational total = product();
        while (true) {
            skipBlanks();
            if (take('+')) total = total.plus(product());
            else if (take('-')) total = total.plus(product().negated());
            else break;
        }
        depth--;
        return total;
    }

    private Rational product() {
        Rational total = signed();
        while (true) {
            skipBlanks();
            if (take('*')) total = total.times(signed());
            else if (peek() == '/' && !text.startsWith("/\\text", at) && !text.startsWith("/\\mathrm", at)) {
                at++;
                total = total.dividedBy(signed());
            } else if (peek() == '(') total = total.times(power());
            else return total;
        }
    }

    private Rational signed() {
        boolean negative = false;
        skipBlanks();
        while (peek() == '-' || peek() == '+') {
            negative ^= peek() == '-';
            at++;
            skipBlanks();
        }
        Rational value = power();
        return negative ? value.negated() : value;
    }

    private Rational power() {
        Rational base = atom();
        if (peek() != '^' || isDegree()) return base;
        at++;
        return base.power(argument());
    }

    private boolean isDegree() {
        return text.startsWith("^\\circ", at) || text.startsWith("^{\\circ}", at);
    }

    private Rational atom() {
        skipBlanks();
        char c = peek();
        if (isDigit(c) || c == '.') return number();
        if (c == '(' || c == '{') {
            at++;
            Rational inside = sum();
            expect(c == '(' ? ')' : '}');
            return inside;
        }
        if (takeWord("\\frac")) return argument().dividedBy(argument());
        if (takeWord("\\sqrt")) return argument().squareRoot();
        String name = textCommand();
        if (name != null && !name.isEmpty() && isDigit(name.charAt(name.length() - 1)))
            return read(name, decimalComma).number();
        throw new UndecidableException("cannot read \"" + rest() + "\"");
    }

    /** What stands behind {@code \frac} or {@code ^}: a group, one digit, or a sign and one number. */
    private Rational argument() {
        skipBlanks();
        if (peek() == '{' || peek() == '\\') return atom();
        if (isDigit(peek())) return Rational.of(BigInteger.valueOf(text.charAt(at++) - '0'));
        throw new UndecidableException("cannot read \"" + rest() + "\"");
    }

    private Rational number() {
        int start = at;
        String whole = wholeDigits();
        String fraction = fractionDigits();
        if (whole.isEmpty() && fraction.isEmpty()) throw new UndecidableException("a lone decimal point");
        Rational value = Rational.of(new BigInteger("0" + whole + fraction), BigInteger.TEN.pow(fraction.length()));
        boolean plainInteger = at - start == whole.length();
        return plainInteger && fraction.isEmpty() ? value.plus(mixedPart()) : value;
    }

    /** Digits with thousands separators taken out. */
    private String wholeDigits() {
        int start = at;
        while (isDigit(peek())) at++;
        StringBuilder digits = new StringBuilder(text.substring(start, at));
        boolean mayGroup = digits.length() >= 1 && digits.length() <= 3 && digits.charAt(0) != '0';
        char separator = peek();
        if (mayGroup && (separator == ',' || separator == ' ')) {
            while (peek() == separator && threeDigitsAt(at + 1)) {
                digits.append(text, at + 1, at + 4);
                at += 4;
            }
        }
        return digits.toString();
    }

    private boolean threeDigitsAt(int from) {
        for (int i = from; i < from + 3; i++) if (!isDigit(charAt(i))) return false;
        return !isDigit(charAt(from + 3));
    }

    private String fractionDigits() {
        boolean point = peek() == '.';
        if (!point && !(decimalComma && peek() == ',' && isDigit(charAt(at + 1)))) return "";
        int start = ++at;
        while (isDigit(peek())) at++;
        return text.substring(start, at);
    }

    /** The fraction of {@code 2\frac{1}{2}} or {@code 2 1/2}; 0 when none follows. */
    private Rational mixedPart() {
        Rational none = Rational.of(BigInteger.ZERO);
        int back = at;
        skipBlanks();
        boolean blank = at > back;
        Rational part = none;
        if (takeWord("\\frac")) part = argument().dividedBy(argument());
        else if (blank && isDigit(peek())) {
            Rational top = Rational.of(new BigInteger(digits()));
            if (!take('/') || !isDigit(peek())) throw new UndecidableException("two numbers side by side");
            part = top.dividedBy(Rational.of(new BigInteger(digits())));
        } else {
            at = back;
            return none;
        }
        if (part.numerator().signum() <= 0 || part.numerator().compareTo(part.denominator()) >= 0)
            throw new UndecidableException("not a mixed number");
        return part;
    }

    private String digits() {
        int start = at;
        while (isDigit(peek())) at++;
        return text.substring(start, at);
    }

    /** {@code \text{cm}^2}, {@code /\text{h}}, degrees, currency signs: they do not change the number. */
    private void skipUnits() {
        while (at < text.length()) {
            skipBlanks();
            if (takeWord("^\\circ") || takeWord("^{\\circ}") || take('\u00B0') || take('\u20AC') || take('\u00A3'))
                continue;
            int back = at;
            take('/');
            String unit = textCommand();
            if (unit == null
                    || SCALES.contains(unit.toLowerCase(Locale.ROOT))
                    || unit.chars().anyMatch(Character::isDigit)) {
                at = back;
                return;
            }
            if (take('^')) argument();
        }
    }

    /** The content of {@code \text{...}} and its relatives at this point, without blanks around it; null if none is here. */
    private String textCommand() {
        if (peek() != '\\') return null;
        int end = at + 1;
        while (Character.isLetter(charAt(end))) end++;
        if (!TEXT.contains(text.substring(at + 1, end)) || charAt(end) != '{') return null;
        int close = AnswerExtractor.closingBrace(text, end);
        if (close < 0) return null;
        String content = text.substring(end + 1, close).strip();
        at = close + 1;
        return content;
    }

    private boolean take(char c) {
        if (peek() != c) return false;
        at++;
        return true;
    }

    private boolean takeWord(String word) {
        if (!text.startsWith(word, at)) return false;
        at += word.length();
        return true;
    }

    private void expect(char c) {
        skipBlanks();
        if (!take(c)) throw new UndecidableException("expected " + c + " at \"" + rest() + "\"");
    }

    private void skipBlanks() {
        while (peek() == ' ') at++;
    }

    private char peek() {
        return charAt(at);
    }

    private char charAt(int index) {
        return index < text.length() ? text.charAt(index) : '\0';
    }

    private String rest() {
        return text.substring(Math.min(at, text.length()), Math.min(text.length(), at + 20));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
