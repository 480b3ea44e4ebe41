package io.tramontane.data.gym;

import java.math.BigInteger;

/**
 * A slow evaluator of the gym's LaTeX, independent of how the gym makes it: numbers, {@code + - \cdot ^}, brackets,
 * {@code \frac}, and x, where a factor may stand before x or a bracket.
 */
final class LatexValue {
    private final String text;
    private final Fraction x;
    private int at;

    private LatexValue(String text, Fraction x) {
        this.text = text.replace(" ", "")
                .replace("\\left", "")
                .replace("\\right", "")
                .replace("\\cdot", "*");
        this.x = x;
    }

    static Fraction of(String latex) {
        return of(latex, null);
    }

    static Fraction of(String latex, Fraction x) {
        LatexValue parser = new LatexValue(latex, x);
        Fraction value = parser.sum();
        if (parser.at != parser.text.length())
            throw new AssertionError("not understood from " + parser.at + ": " + parser.text);
        return value;
    }

    private boolean take(String token) {
        if (!text.startsWith(token, at)) return false;
        at += token.length();
        return true;
    }

    private Fraction sum() {
        Fraction value = take("-") ? Fraction.of(0, 1).minus(product()) : product();
        while (true) {
            if (take("+")) value = value.plus(product());
            else if (take("-")) value = value.minus(product());
            else return value;
        }
    }

    private Fraction product() {
        Fraction value = factor();
        while (true) {
            if (take("*")) value = value.times(factor());
            else if (at < text.length() && "x(".indexOf(text.charAt(at)) >= 0) value = value.times(factor());
            else return value;
        }
    }

    private Fraction factor() {
        if (take("x")) return x;
        if (take("(")) return closed(")");
        if (take("\\frac{")) {
            Fraction numerator = closed("}");
            take("{");
            Fraction denominator = closed("}");
            return numerator.times(new Fraction(denominator.denominator(), denominator.numerator()));
        }
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
        BigInteger number = new BigInteger(text.substring(start, at));
        if (take("^{")) number = number.pow(closed("}").numerator().intValueExact());
        return new Fraction(number, BigInteger.ONE);
    }

    private Fraction closed(String end) {
        Fraction value = sum();
        if (!take(end)) throw new AssertionError("no " + end + " at " + at + ": " + text);
        return value;
    }
}
