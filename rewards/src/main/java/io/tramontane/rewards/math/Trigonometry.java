package io.tramontane.rewards.math;

/** Circular and hyperbolic functions and their inverses, of real numbers. */
final class Trigonometry {
    private static final Value ONE = Value.of(1);
    private static final Value HALF_PI = Powers.PI.times(Value.of(Rational.of(1, 2)));

    private Trigonometry() {}

    static Value call(String name, Value x) {
        return switch (name) {
            case "sin" -> sin(x);
            case "cos" -> cos(x);
            case "tan" -> sin(x).dividedBy(cos(x));
            case "cot" -> cos(x).dividedBy(sin(x));
            case "sec" -> ONE.dividedBy(cos(x));
            case "csc" -> ONE.dividedBy(sin(x));
            case "arcsin" -> arcsin(x);
            case "arccos" -> HALF_PI.minus(arcsin(x));
            case "arctan" -> arctan(x);
            case "arccot" -> HALF_PI.minus(arctan(x));
            case "sinh" -> grow(x).minus(decay(x)).times(Value.of(Rational.of(1, 2)));
            case "cosh" -> grow(x).plus(decay(x)).times(Value.of(Rational.of(1, 2)));
            case "tanh" -> tanh(x);
            case "coth" -> ONE.dividedBy(tanh(x));
            case "arcsinh" -> x.isNegative() ? call(name, x.negated()).negated() : inverse(x, ONE);
            case "arccosh" -> inverse(x, ONE.negated());
            case "arctanh" -> Powers.ln(ONE.plus(x).dividedBy(ONE.minus(x))).times(Value.of(Rational.of(1, 2)));
            case "sech" -> ONE.dividedBy(call("cosh", x));
            case "csch" -> ONE.dividedBy(call("sinh", x));
            default -> throw new UndecidableException("function " + name);
        };
    }

    /** ln(x + sqrt(x^2 + shift)): the inverse of sinh for a shift of 1, of cosh for -1. */
    private static Value inverse(Value x, Value shift) {
        Value root = Powers.root(real(x).times(real(x)).plus(shift), 2);
        if (!root.isReal()) throw new UndecidableException("the inverse of cosh below 1");
        return Powers.ln(x.plus(root));
    }

    private static Value sin(Value x) {
        Value z = real(x);
        return z.isZero() ? Value.of(0) : Value.real(Series.sin(z.re()), Math.max(z.error() + 1, -90));
    }

    private static Value cos(Value x) {
        Value z = real(x);
        return z.isZero() ? ONE : Value.real(Series.cos(z.re()), Math.max(z.error() + 1, -90));
    }

    private static Value arctan(Value x) {
        Value z = real(x);
        if (z.isZero()) return Value.of(0);
        Value angle = Value.real(Series.atan(z.re().abs()), Math.max(z.error() + 1, -90));
        return z.isNegative() ? angle.negated() : angle;
    }

    private static Value arcsin(Value x) {
        real(x);
        Value rest = ONE.minus(x.times(x));
        if (rest.isZero()) return x.isNegative() ? HALF_PI.negated() : HALF_PI;
        if (rest.isNegative()) throw new UndecidableException("arcsine of a number above 1");
        return arctan(x.dividedBy(Powers.root(rest, 2)));
    }

    private static Value tanh(Value x) {
        if (real(x).size() > 1 || real(x).re().abs().intValue() > 20)
            throw new UndecidableException("hyperbolic tangent too close to 1");
        return grow(x).minus(decay(x)).dividedBy(grow(x).plus(decay(x)));
    }

    private static Value grow(Value x) {
        real(x);
        return Powers.exp(x);
    }

    private static Value decay(Value x) {
        return Powers.exp(x.negated());
    }

    private static Value real(Value x) {
        if (!x.isReal()) throw new UndecidableException("function of a complex number");
        return Powers.argument(x);
    }
}
