package io.tramontane.rewards.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * An exact fraction in lowest terms with a positive denominator. Bounded: every operation that would pass {@link
 * #MAX_BITS} bits throws {@link UndecidableException} before the size is reached.
 */
record Rational(BigInteger numerator, BigInteger denominator) implements Comparable<Rational> {
    static final int MAX_BITS = 40_000;
    static final Rational ZERO = new Rational(BigInteger.ZERO, BigInteger.ONE);
    static final Rational ONE = new Rational(BigInteger.ONE, BigInteger.ONE);

    static Rational of(BigInteger numerator, BigInteger denominator) {
        if (denominator.signum() == 0) throw new UndecidableException("division by zero");
        if (denominator.equals(BigInteger.ONE)) return of(numerator);
        BigInteger divisor = numerator.gcd(denominator);
        if (denominator.signum() < 0) divisor = divisor.negate();
        BigInteger top = numerator.divide(divisor);
        BigInteger bottom = denominator.divide(divisor);
        if (top.bitLength() > MAX_BITS || bottom.bitLength() > MAX_BITS) throw tooLarge();
        return new Rational(top, bottom);
    }

    static Rational of(BigInteger whole) {
        if (whole.bitLength() > MAX_BITS) throw tooLarge();
        return new Rational(whole, BigInteger.ONE);
    }

    static Rational of(long whole) {
        return of(BigInteger.valueOf(whole));
    }

    static Rational of(long numerator, long denominator) {
        return of(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator));
    }

    private static UndecidableException tooLarge() {
        return new UndecidableException("number above " + MAX_BITS + " bits");
    }

    Rational plus(Rational other) {
        return of(
                numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
                denominator.multiply(other.denominator));
    }

    Rational minus(Rational other) {
        return plus(other.negated());
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

    Rational magnitude() {
        return numerator.signum() < 0 ? negated() : this;
    }

    /** A whole power; the size of the result is checked before it is computed. 0 to the 0 and below is undecidable. */
    Rational power(BigInteger exponent) {
        if (numerator.signum() == 0) {
            if (exponent.signum() <= 0) throw new UndecidableException("0 to the power of " + exponent);
            return ZERO;
        }
        if (magnitude().equals(ONE)) return exponent.testBit(0) ? this : ONE;
        if (exponent.bitLength() > 17) throw tooLarge();
        int times = exponent.intValue();
        long bits = (long) (Math.max(numerator.bitLength(), denominator.bitLength()) - 1) * Math.abs(times);
        if (bits > MAX_BITS) throw tooLarge();
        BigInteger top = numerator.pow(Math.abs(times));
        BigInteger bottom = denominator.pow(Math.abs(times));
        if (times >= 0) return new Rational(top, bottom);
        return top.signum() < 0 ? new Rational(bottom.negate(), top.negate()) : new Rational(bottom, top);
    }

    /** The root of a non-negative number where it is rational, else null. */
    Rational rootOrNull(int degree) {
        BigInteger top = wholeRoot(numerator, degree);
        BigInteger bottom = top == null ? null : wholeRoot(denominator, degree);
        return bottom == null ? null : of(top, bottom);
    }

    private static BigInteger wholeRoot(BigInteger value, int degree) {
        if (value.signum() == 0 || value.equals(BigInteger.ONE)) return value;
        if (degree == 2) {
            BigInteger root = value.sqrt();
            return root.multiply(root).equals(value) ? root : null;
        }
        if (value.bitLength() < degree || value.bitLength() > 4096) return null;
        BigInteger low = BigInteger.ONE.shiftLeft((value.bitLength() - 1) / degree);
        BigInteger high = low.shiftLeft(1);
        while (low.compareTo(high) < 0) {
            BigInteger middle = low.add(high).add(BigInteger.ONE).shiftRight(1);
            if (middle.pow(degree).compareTo(value) <= 0) low = middle;
            else high = middle.subtract(BigInteger.ONE);
        }
        return low.pow(degree).equals(value) ? low : null;
    }

    boolean isWhole() {
        return denominator.equals(BigInteger.ONE);
    }

    BigInteger floor() {
        BigInteger[] parts = numerator.divideAndRemainder(denominator);
        return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    BigDecimal decimal(MathContext context) {
        return new BigDecimal(numerator).divide(new BigDecimal(denominator), context);
    }

    int signum() {
        return numerator.signum();
    }

    @Override
    public int compareTo(Rational other) {
        return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator));
    }
}
