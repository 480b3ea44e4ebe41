package io.tramontane.rewards.math;

import java.math.BigInteger;
import java.util.List;

/** The named functions of answers, on {@link Value}s. Sizes are checked before anything grows. */
final class Functions {
    private static final int MAX_FACTORIAL = 3000;

    private Functions() {}

    static Value call(String name, List<Value> arguments) {
        Value x = arguments.get(0);
        Value second = arguments.size() > 1 ? arguments.get(1) : null;
        return switch (name) {
            case "sqrt" ->
                second == null ? Powers.root(x, 2) : Powers.power(x, Value.of(1).dividedBy(second));
            case "exp" -> Powers.exp(x);
            case "ln" -> ln(x);
            case "log" -> ln(second).dividedBy(ln(x));
            case "abs" -> Powers.length(x);
            case "floor" -> Value.of(Rational.of(floor(x)));
            case "ceil" -> Value.of(Rational.of(floor(x.negated()).negate()));
            case "factorial" -> Value.of(Rational.of(factorial(x.whole())));
            case "binom" -> Value.of(Rational.of(binomial(x.whole(), second.whole())));
            case "gcd", "lcm", "min", "max" -> fold(name, arguments);
            case "mod" -> modulo(x, second);
            case "conj" -> x.isReal() ? x : Value.complex(x.re(), x.im().negate(), x.error());
            case "re" -> x.isReal() ? x : Value.real(x.re(), x.error());
            case "im" -> x.isReal() ? Value.of(Rational.ZERO) : Value.real(x.im(), x.error());
            case "arg" -> Powers.angle(x);
            case "cis" ->
                Trigonometry.call("cos", x).plus(Powers.imaginaryUnit().times(Trigonometry.call("sin", x)));
            case "sgn" -> Value.of(x.isZero() ? 0 : x.isNegative() ? -1 : 1);
            default -> Trigonometry.call(name, x);
        };
    }

    private static Value ln(Value x) {
        if (!x.isReal() || x.isNegative()) throw new UndecidableException("logarithm of a number that is not positive");
        return Powers.ln(x);
    }

    private static BigInteger floor(Value x) {
        if (x.isExact()) return x.exact().floor();
        if (!x.isReal() || x.size() > 20) throw new UndecidableException("floor of " + x.size() + " digits");
        BigInteger whole = x.re().toBigInteger();
        if (x.re().signum() < 0) whole = whole.subtract(BigInteger.ONE);
        Value distance = x.minus(Value.of(Rational.of(whole)));
        Value rest = Value.of(1).minus(distance);
        if (distance.isZero() || rest.isZero()) throw new UndecidableException("floor of what may be whole");
        return whole;
    }

    private static BigInteger factorial(BigInteger n) {
        if (n.signum() < 0 || n.bitLength() > 20 || n.intValue() > MAX_FACTORIAL)
            throw new UndecidableException("factorial above " + MAX_FACTORIAL);
        return range(1, n.intValue());
    }

    private static BigInteger range(int from, int to) {
        if (from > to) return BigInteger.ONE;
        if (to - from < 8) {
            BigInteger product = BigInteger.ONE;
            for (int i = from; i <= to; i++) product = product.multiply(BigInteger.valueOf(i));
            return product;
        }
        int middle = (from + to) / 2;
        return range(from, middle).multiply(range(middle + 1, to));
    }

    private static BigInteger binomial(BigInteger n, BigInteger k) {
        if (n.signum() < 0 || k.signum() < 0 || n.bitLength() > 32) throw new UndecidableException("binomial " + n);
        if (k.compareTo(n) > 0) return BigInteger.ZERO;
        BigInteger small = k.min(n.subtract(k));
        if (small.bitLength() > 12 || small.longValue() * n.bitLength() > Rational.MAX_BITS)
            throw new UndecidableException("binomial above " + Rational.MAX_BITS + " bits");
        BigInteger result = BigInteger.ONE;
        for (int i = 1; i <= small.intValue(); i++)
            result = result.multiply(n.subtract(BigInteger.valueOf(i - 1L))).divide(BigInteger.valueOf(i));
        return result;
    }

    private static Value fold(String name, List<Value> arguments) {
        Value result = arguments.get(0);
        for (Value next : arguments.subList(1, arguments.size())) {
            boolean less = (name.equals("min") || name.equals("max")) && next.compare(result) < 0;
            result = switch (name) {
                case "min" -> less ? next : result;
                case "max" -> less ? result : next;
                case "gcd" -> Value.of(Rational.of(result.whole().gcd(next.whole())));
                default -> Value.of(Rational.of(lcm(result.whole(), next.whole())));
            };
        }
        return result;
    }

    private static BigInteger lcm(BigInteger a, BigInteger b) {
        if (a.signum() == 0 || b.signum() == 0) return BigInteger.ZERO;
        return a.multiply(b).abs().divide(a.gcd(b));
    }

    private static Value modulo(Value x, Value m) {
        if (m.whole().signum() <= 0) throw new UndecidableException("modulus that is not positive");
        return Value.of(Rational.of(x.whole().mod(m.whole())));
    }
}
