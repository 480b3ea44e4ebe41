package io.tramontane.rewards;

import java.math.BigInteger;

/**
 * An exact fraction in lowest terms with a positive denominator. Bounded: every operation that would pass {@link
 * #MAX_BITS} bits throws {@link UndecidableException} instead of growing.
 */
record Rational(BigInteger numerator, BigInteger denominator) {
    static final int MAX_BITS = 8192;

    /** Outside what we decide: not a number that we can read, too long, too deep, too large. Not equal to anything. */
    static final class UndecidableException extends RuntimeException {
        UndecidableException(String why) {
            super(why, null, false, false);
        }
    }

    static Rational of(BigInteger numerator, BigInteger denominator) {
        if (denominator.signum() == 0) throw new UndecidableException("division by zero");
        if (numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS)
            throw new UndecidableException("number above " + MAX_BITS + " bits");
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) divisor = divisor.negate();
        return new Rational(numerator.divide(divisor), denominator.divide(divisor));
    }

    static Rational of(BigInteger whole) {
        return of(whole, BigInteger.ONE);
    }

    Rational plus(Rational other) {
        return of(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational times(Rational other) {
        return of(numerator.multiply(other.numerator), denominator.multiply(other.denominator));
    }

    Rational dividedBy(Rational other) {
        return of(numerator.multiply(other.denominator), denominator.multiply(other.numerator));
    }

    Rational negated() {
        return new Rational(numerator.negate(), denominator);
    }

    /** Whole exponents only; the size of the result is checked before it is computed. */
    Rational power(Rational exponent) {
        if (!exponent.denominator.equals(BigInteger.ONE) || exponent.numerator.bitLength() > 13)
            throw new UndecidableException("exponent that is not a small whole number");
        int times = exponent.numerator.intValue();
        long bits = (long) Math.max(numerator.bitLength(), denominator.bitLength()) * Math.abs(times);
        if (bits > MAX_BITS) throw new UndecidableException("power above " + MAX_BITS + " bits");
        return times >= 0
                ? of(numerator.pow(times), denominator.pow(times))
                : of(denominator.pow(-times), numerator.pow(-times));
    }

    /** The square root where it is rational. */
    Rational squareRoot() {
        if (numerator.signum() < 0) throw new UndecidableException("root of a negative number");
        BigInteger top = numerator.sqrt();
        BigInteger bottom = denominator.sqrt();
        if (!top.multiply(top).equals(numerator) || !bottom.multiply(bottom).equals(denominator))
            throw new UndecidableException("irrational root");
        return of(top, bottom);
    }

    boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }
}
