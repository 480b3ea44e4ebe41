package io.tramontane.rewards.math;

import java.util.List;

/**
 * What an expression can be computed in: numbers ({@link NumericEvaluator}) or canonical text ({@link Canonical}). A tree is
 * folded into T by {@link MathNode#in}. Whatever an arithmetic does not know is an {@link UndecidableException}.
 */
interface Arithmetic<T> {
    T number(Rational value);

    /** A variable, a constant such as pi, or any term that is only known by its name. */
    T symbol(String name);

    T sum(List<T> terms);

    T negate(T value);

    T product(List<T> factors);

    T quotient(T top, T bottom);

    T power(T base, T exponent);

    /** A named function: sin, sqrt (root index second), log (base first), binom, abs, ... */
    T call(String function, List<T> arguments);

    /** Anything that is no expression: relations, sets, words. Only its canonical text can be asked for. */
    T other(String kind, List<T> parts);
}
