package io.tramontane.data.gym;

import java.math.BigInteger;

/** An exact fraction, always reduced, its denominator positive. */
record Fraction(BigInteger numerator, BigInteger denominator) {
    Fraction {
        if (denominator.signum() == 0) throw new ArithmeticException("denominator 0");
        BigInteger common = numerator.gcd(denominator).max(BigInteger.ONE);
        if (denominator.signum() < 0) common = common.negate();
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    static Fraction of(long numerator, long denominator) {
        return new Fraction(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    Fraction plus(Fraction other) {
        return new Fraction(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Fraction minus(Fraction other) {
        return plus(new Fraction(other.numerator.negate(), other.denominator));
    }

    Fraction times(Fraction other) {
        return new Fraction(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** {@code 3}, {@code \frac{3}{4}} or {@code -\frac{3}{4}}. */
    String latex() {
        if (denominator.equals(BigInteger.ONE)) return numerator.toString();
        String sign = numerator.signum() < 0 ? "-" : "";
        return sign + "\\frac{" + numerator.abs() + "}{" + denominator + "}";
    }
}
