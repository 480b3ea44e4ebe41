package io.tramontane.rewards.math;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Powers, roots, exponential and logarithm of {@link Value}s. Roots with an odd index of negative numbers are real, as
 * in school; other powers of negative or complex numbers are principal values.
 */
final class Powers {
    static final Value PI = Value.real(Series.PI, -78);
    /** Outside of 1e-20 to 1e20 an argument would be lost in, or swamp, what a function adds to it. */
    private static final int ARGUMENT_RANGE = 20;

    private static final int MAX_WHOLE_EXPONENT = 10_000;

    private Powers() {}

    static Value power(Value base, Value exponent) {
        if (exponent.isWhole()) return whole(base, exponent.whole());
        if (base.isZero()) {
            if (exponent.isReal() && !exponent.isNegative() && !exponent.isZero()) return Value.of(Rational.ZERO);
            throw new UndecidableException("a power of zero");
        }
        if (base.isExact() && base.exact().equals(Rational.ONE)) return base;
        if (exponent.isExact() && exponent.exact().denominator().bitLength() <= 7) {
            int degree = exponent.exact().denominator().intValue();
            return whole(root(base, degree), exponent.exact().numerator());
        }
        return exp(exponent.times(ln(base)));
    }

    private static Value whole(Value base, BigInteger exponent) {
        if (base.isExact()) return Value.of(base.exact().power(exponent));
        if (exponent.signum() == 0) {
            if (base.isZero()) throw new UndecidableException("0 to the power of 0");
            return Value.of(1);
        }
        if (exponent.bitLength() > 14 || exponent.abs().intValue() > MAX_WHOLE_EXPONENT)
            throw new UndecidableException("exponent above " + MAX_WHOLE_EXPONENT);
        Value result = Value.of(1);
        for (int bit = exponent.abs().bitLength() - 1; bit >= 0; bit--) {
            result = result.times(result);
            if (exponent.abs().testBit(bit)) result = result.times(base);
        }
        return exponent.signum() < 0 ? Value.of(1).dividedBy(result) : result;
    }

    /** The root of a whole degree of at least 1. */
    static Value root(Value base, int degree) {
        if (degree < 1) throw new UndecidableException("root of degree " + degree);
        if (degree == 1 || base.isZero()) return base;
        if (base.isNegative()) {
            Value positive = root(base.negated(), degree);
            if (degree % 2 == 1) return positive.negated();
            if (degree == 2) return positive.times(imaginaryUnit());
        }
        if (base.isExact() && base.exact().signum() > 0) {
            Rational root = base.exact().rootOrNull(degree);
            if (root != null) return Value.of(root);
        }
        if (degree == 2) return squareRoot(base.approximate());
        return exp(ln(base).dividedBy(Value.of(degree)));
    }

    static Value imaginaryUnit() {
        return Value.complex(BigDecimal.ZERO, BigDecimal.ONE, -200);
    }

    private static Value squareRoot(Value x) {
        int size = x.size();
        int bound = x.error() - size / 2 + 1;
        if (x.isReal()) return Value.real(x.re().sqrt(Series.DIGITS), bound);
        Value length = length(x);
        Value half = Value.of(Rational.of(1, 2));
        Value re =
                root(length.plus(Value.real(x.re(), x.error())).times(half), 2).approximate();
        Value im =
                root(length.minus(Value.real(x.re(), x.error())).times(half), 2).approximate();
        BigDecimal signed = x.im().signum() < 0 ? im.re().negate() : im.re();
        return Value.complex(re.re(), signed, Math.max(bound, Math.max(re.error(), im.error())));
    }

    static Value length(Value x) {
        if (x.isReal()) return x.isNegative() ? x.negated() : x;
        Value re = Value.real(x.re(), x.error());
        Value im = Value.real(x.im(), x.error());
        return root(re.times(re).plus(im.times(im)), 2);
    }

    static Value exp(Value x) {
        if (x.isZero()) return Value.of(1);
        Value z = argument(x);
        if (Value.exponent(z.re()) > 2) throw new UndecidableException("exponent above 1000");
        BigDecimal scale = Series.exp(z.re());
        int bound = z.error() + Value.exponent(scale) + 1;
        if (z.isReal()) return Value.real(scale, bound);
        BigDecimal re = scale.multiply(Series.cos(z.im()), Series.DIGITS);
        BigDecimal im = scale.multiply(Series.sin(z.im()), Series.DIGITS);
        return Value.complex(re, im, Math.max(bound, Value.exponent(scale) - 78));
    }

    /** The principal logarithm. */
    static Value ln(Value x) {
        if (x.isZero()) throw new UndecidableException("logarithm of zero");
        if (x.isExact() && x.exact().equals(Rational.ONE)) return Value.of(Rational.ZERO);
        Value z = x.approximate();
        Value size = length(z).approximate();
        BigDecimal re = Series.ln(size.re());
        int bound = Math.max(z.error() - z.size() + 1, -90);
        if (z.isReal() && !z.isNegative()) return Value.real(re, bound);
        return Value.real(re, bound).plus(angle(z).times(imaginaryUnit()));
    }

    /** The angle of a number that is not zero, in (-pi, pi]. */
    static Value angle(Value x) {
        Value z = x.approximate();
        if (z.isReal()) return z.isNegative() ? PI : Value.of(Rational.ZERO);
        BigDecimal re = z.re().abs();
        BigDecimal im = z.im().abs();
        BigDecimal acute = re.signum() == 0
                ? Series.PI.divide(BigDecimal.valueOf(2), Series.DIGITS)
                : Series.atan(im.divide(re, Series.DIGITS));
        BigDecimal angle = z.re().signum() < 0 ? Series.PI.subtract(acute) : acute;
        int bound = Math.max(z.error() - z.size() + 1, -78);
        return Value.real(z.im().signum() < 0 ? angle.negate() : angle, bound);
    }

    /** Refuses arguments outside of 1e-20 to 1e20: 80 digits do not suffice there. */
    static Value argument(Value x) {
        Value z = x.approximate();
        boolean tooSmall = !z.isZero() && z.size() < -ARGUMENT_RANGE;
        if (tooSmall || z.size() > ARGUMENT_RANGE) throw new UndecidableException("argument outside of 1e-20 to 1e20");
        return z;
    }
}
