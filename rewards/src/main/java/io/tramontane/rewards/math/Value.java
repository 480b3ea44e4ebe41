package io.tramontane.rewards.math;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A number: an exact fraction, or 80 digits of a complex one with a bound of its error.
 *
 * <p>Two guards keep unequal numbers from meeting. Approximate values live between 1e-45 and 1e45. And a sum whose
 * smaller term would vanish in the larger one (45 digits below) is undecidable, so {@code \pi + 10^{-50}} is not pi.
 *
 * @param exact the fraction; null when only approximate
 * @param re real part, imaginary part {@code im}; null when exact
 * @param error the error is below 10 to this power
 */
record Value(Rational exact, BigDecimal re, BigDecimal im, int error) {
    private static final MathContext DIGITS = Series.DIGITS;
    private static final int PRECISION = 78;
    private static final int RANGE = 45;
    /** Digits that must agree. */
    private static final int AGREEMENT = 58;

    private static final int NOISE = 6;
    private static final int NOTHING = -100_000;

    static Value of(Rational exact) {
        return new Value(exact, null, null, NOTHING);
    }

    static Value of(long whole) {
        return of(Rational.of(whole));
    }

    static Value real(BigDecimal re, int error) {
        return complex(re, BigDecimal.ZERO, error);
    }

    /** Checks the range; parts that are only noise become 0. */
    static Value complex(BigDecimal re, BigDecimal im, int error) {
        int size = Math.max(exponent(re), exponent(im));
        if (size > RANGE) throw new UndecidableException("number above 1e" + RANGE);
        int bound = Math.max(error, size - PRECISION);
        if (size < -RANGE && size > bound + NOISE && size != NOTHING)
            throw new UndecidableException("number below 1e-" + RANGE);
        return new Value(null, cleaned(re, bound), cleaned(im, bound), bound);
    }

    private static BigDecimal cleaned(BigDecimal part, int error) {
        return exponent(part) <= error + NOISE ? BigDecimal.ZERO : part;
    }

    static int exponent(BigDecimal x) {
        return x.signum() == 0 ? NOTHING : x.precision() - x.scale() - 1;
    }

    boolean isExact() {
        return exact != null;
    }

    boolean isReal() {
        return exact != null || im.signum() == 0;
    }

    boolean isZero() {
        return exact != null ? exact.signum() == 0 : re.signum() == 0 && im.signum() == 0;
    }

    boolean isNegative() {
        return exact != null ? exact.signum() < 0 : im.signum() == 0 && re.signum() < 0;
    }

    /** A whole number, known exactly. */
    boolean isWhole() {
        return exact != null && exact.isWhole();
    }

    /** This number as an approximate one. */
    Value approximate() {
        if (exact == null) return this;
        if (exact.signum() == 0) return new Value(null, BigDecimal.ZERO, BigDecimal.ZERO, NOTHING);
        return real(exact.decimal(DIGITS), NOTHING);
    }

    int size() {
        return Math.max(exponent(re), exponent(im));
    }

    Value plus(Value other) {
        if (exact != null && other.exact != null) return of(exact.plus(other.exact));
        if (exact != null && exact.signum() == 0) return other;
        if (other.exact != null && other.exact.signum() == 0) return this;
        Value a = approximate();
        Value b = other.approximate();
        a.mustNotVanishIn(b);
        b.mustNotVanishIn(a);
        return complex(a.re.add(b.re, DIGITS), a.im.add(b.im, DIGITS), Math.max(a.error, b.error));
    }

    private void mustNotVanishIn(Value large) {
        if (!isZero() && size() < large.size() - RANGE) throw new UndecidableException("a term too small to count");
    }

    Value negated() {
        return exact != null ? of(exact.negated()) : new Value(null, re.negate(), im.negate(), error);
    }

    Value minus(Value other) {
        return plus(other.negated());
    }

    Value times(Value other) {
        if (exact != null && other.exact != null) return of(exact.times(other.exact));
        if (isExact() && isZero() || other.isExact() && other.isZero()) return of(Rational.ZERO);
        Value a = approximate();
        Value b = other.approximate();
        int bound = Math.max(a.error + b.sizeOrError(), b.error + a.sizeOrError());
        if (a.isReal() && b.isReal()) return real(a.re.multiply(b.re, DIGITS), bound);
        return complex(
                a.re.multiply(b.re).subtract(a.im.multiply(b.im), DIGITS),
                a.re.multiply(b.im).add(a.im.multiply(b.re), DIGITS),
                bound);
    }

    private int sizeOrError() {
        return Math.max(size(), error) + 1;
    }

    Value dividedBy(Value other) {
        if (other.isZero()) throw new UndecidableException("division by zero");
        if (exact != null && other.exact != null) return of(exact.dividedBy(other.exact));
        if (isExact() && isZero()) return this;
        Value b = other.approximate();
        BigDecimal norm = b.re.multiply(b.re).add(b.im.multiply(b.im), DIGITS);
        int size = b.size();
        int bound = Math.max(b.error - 2 * size, -size - PRECISION);
        Value inverse = complex(b.re.divide(norm, DIGITS), b.im.negate().divide(norm, DIGITS), bound);
        return times(inverse);
    }

    /** Equal in {@link #AGREEMENT} digits, or exactly where both are exact. What lost too many digits is not equal. */
    boolean same(Value other) {
        if (exact != null && other.exact != null) return exact.equals(other.exact);
        Value a = approximate();
        Value b = other.approximate();
        int error = Math.max(a.error, b.error);
        int size = Math.max(a.size(), b.size());
        if (error > (size == NOTHING ? 0 : size) - AGREEMENT) return false;
        return near(a.re, b.re, error) && near(a.im, b.im, error);
    }

    /** Another number for sure: further apart than both may be wrong. Neither this nor {@link #same} holds where digits were lost. */
    boolean differs(Value other) {
        if (exact != null && other.exact != null) return !exact.equals(other.exact);
        Value a = approximate();
        Value b = other.approximate();
        int error = Math.max(a.error, b.error);
        return !near(a.re, b.re, error) || !near(a.im, b.im, error);
    }

    private static boolean near(BigDecimal a, BigDecimal b, int error) {
        return exponent(a.subtract(b)) <= error + NOISE;
    }

    /** Sign of the difference of two real numbers; 0 when they are the same. */
    int compare(Value other) {
        if (!isReal() || !other.isReal()) throw new UndecidableException("complex numbers have no order");
        if (exact != null && other.exact != null) return exact.compareTo(other.exact);
        if (same(other)) return 0;
        int sign = approximate().re.compareTo(other.approximate().re);
        if (sign == 0) throw new UndecidableException("too close to order");
        return sign;
    }

    /** The whole number that this is; undecidable otherwise. */
    BigInteger whole() {
        if (!isWhole()) throw new UndecidableException("no whole number");
        return exact.numerator();
    }
}
