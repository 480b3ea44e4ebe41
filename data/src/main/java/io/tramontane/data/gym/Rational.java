package io.tramontane.data.gym;

import java.math.BigInteger;

/** An exact fraction, always reduced, its denominator positive. */
record Rational(BigInteger numerator, BigInteger denominator) {
    Rational {
        if (denominator.signum() == 0) throw new ArithmeticException("denominator 0");
        BigInteger common = numerator.gcd(denominator).max(BigInteger.ONE);
        if (denominator.signum() < 0) common = common.negate();
        numerator = numerator.divide(common);
        denominator = denominator.divide(common);
    }

    static Rational of(long numerator, long denominator) {
        return new Rational(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    Rational plus(Rational other) {
        return new Rational(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational minus(Rational other) {
        return plus(new Rational(other.numerator.negate(), other.denominator));
    }

    Rational times(Rational other) {
        return new Rational(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    /** {@code 3}, {@code \frac{3}{4}} or {@code -\frac{3}{4}}. */
    String latex() {
        if (denominator.equals(BigInteger.ONE)) return numerator.toString();
        String sign = numerator.signum() < 0 ? "-" : "";
        return sign + "\\frac{" + numerator.abs() + "}{" + denominator + "}";
    }
}
