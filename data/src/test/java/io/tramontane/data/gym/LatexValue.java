package io.tramontane.data.gym;

import java.math.BigInteger;

/**
 * A slow evaluator of the gym's LaTeX, independent of how the gym makes it: numbers, {@code + - \cdot ^}, brackets,
 * {@code \frac}, and x, where a factor may stand before x or a bracket.
 */
final class LatexValue {
    private final String text;
    private final Rational x;
    private int at;

    private LatexValue(String text, Rational x) {
        this.text = text.replace(" ", "")
                .replace("\\left", "")
                .replace("\\right", "")
                .replace("\\cdot", "*");
        this.x = x;
    }

    static Rational of(String latex) {
        return of(latex, null);
    }

    static Rational of(String latex, Rational x) {
        LatexValue parser = new LatexValue(latex, x);
        Rational value = parser.sum();
        if (parser.at != parser.text.length())
            throw new AssertionError("not understood from " + parser.at + ": " + parser.text);
        return value;
    }

    private boolean take(String token) {
        if (!text.startsWith(token, at)) return false;
        at += token.length();
        return true;
    }

    private Rational sum() {
        Rational value = take("-") ? Rational.of(0, 1).minus(product()) : product();
        while (true) {
            if (take("+")) value = value.plus(product());
            else if (take("-")) value = value.minus(product());
            else return value;
        }
    }

    private Rational product() {
        Rational value = factor();
        while (true) {
            if (take("*")) value = value.times(factor());
            else if (at < text.length() && "x(".indexOf(text.charAt(at)) >= 0) value = value.times(factor());
            else return value;
        }
    }

    private Rational factor() {
        if (take("x")) return x;
        if (take("(")) return closed(")");
        if (take("\\frac{")) {
            Rational numerator = closed("}");
            take("{");
            Rational denominator = closed("}");
            return numerator.times(new Rational(denominator.denominator(), denominator.numerator()));
        }
        int start = at;
        while (at < text.length() && Character.isDigit(text.charAt(at))) at++;
        BigInteger number = new BigInteger(text.substring(start, at));
        if (take("^{")) number = number.pow(closed("}").numerator().intValueExact());
        return new Rational(number, BigInteger.ONE);
    }

    private Rational closed(String end) {
        Rational value = sum();
        if (!take(end)) throw new AssertionError("no " + end + " at " + at + ": " + text);
        return value;
    }
}
