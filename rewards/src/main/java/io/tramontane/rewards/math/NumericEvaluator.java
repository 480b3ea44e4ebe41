package io.tramontane.rewards.math;

import java.util.List;
import java.util.Map;

/**
 * Computes an expression with numbers for its variables: exactly as long as it can, then with 80 digits. Every step
 * costs from a {@link Budget}. Infinity, and variables without a number, are undecidable.
 */
final class NumericEvaluator implements Arithmetic<Value> {
    private static final int STEP_OF_DIVISOR = 4;
    private static final Value E = Powers.exp(Value.of(1));

    private final Map<String, Value> variables;
    private final Budget budget;
    private final boolean complex;

    /** @param complex whether values on the way may be complex; if not, they are undecidable */
    NumericEvaluator(Map<String, Value> variables, Budget budget, boolean complex) {
        this.variables = variables;
        this.budget = budget;
        this.complex = complex;
    }

    /** The value of a node without variables; null when it has none. */
    static Value constant(MathNode node, Budget budget) {
        try {
            return node.in(new NumericEvaluator(Map.of(), budget, true));
        } catch (UndecidableException undecidable) {
            return null;
        }
    }

    private Value spent(Value value) {
        if (!complex && !value.isReal()) throw new UndecidableException("not a real number");
        budget.spend(value.isExact() ? 1 + work(value.exact()) : 2);
        return value;
    }

    /** What lowest terms cost: the greatest common divisor takes the square of the length, in words of 64 bits. */
    private static int work(Rational value) {
        int words = Math.max(value.numerator().bitLength(), value.denominator().bitLength()) / 64;
        return value.isWhole() ? words / 32 : words * words / STEP_OF_DIVISOR;
    }

    @Override
    public Value number(Rational value) {
        return Value.of(value);
    }

    @Override
    public Value symbol(String name) {
        return switch (name) {
            case "pi" -> Powers.PI;
            case "e" -> E;
            case "i" -> Powers.imaginaryUnit();
            default -> {
                Value value = variables.get(name);
                if (value == null) throw new UndecidableException("the value of " + name);
                yield value;
            }
        };
    }

    @Override
    public Value sum(List<Value> terms) {
        Value total = terms.get(0);
        for (Value term : terms.subList(1, terms.size())) total = spent(total.plus(term));
        return total;
    }

    @Override
    public Value negate(Value value) {
        return value.negated();
    }

    @Override
    public Value product(List<Value> factors) {
        Value total = factors.get(0);
        for (Value factor : factors.subList(1, factors.size())) total = spent(total.times(factor));
        return total;
    }

    @Override
    public Value quotient(Value top, Value bottom) {
        return spent(top.dividedBy(bottom));
    }

    @Override
    public Value power(Value base, Value exponent) {
        budget.spend(exponent.isWhole() ? 4 : 150);
        return spent(Powers.power(base, exponent));
    }

    @Override
    public Value call(String function, List<Value> arguments) {
        budget.spend(70);
        Value value = Functions.call(function, arguments);
        if (function.equals("binom")) budget.spend(value.exact().numerator().bitLength() / 2);
        if (function.equals("factorial")) budget.spend(value.exact().numerator().bitLength() / 20);
        return spent(value);
    }

    @Override
    public Value other(String kind, List<Value> parts) {
        throw new UndecidableException(kind + " is no number");
    }
}
