package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Sum;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares expressions with variables at seeded points: fractions of both signs and several sizes, or whole numbers
 * where only these make sense (factorials, remainders, alternating signs; a floor of x is none of these, since whole numbers would hide it).
 * Rational functions are computed exactly, everything else with 80 digits, so one point that differs is a proof, and
 * {@link #POINTS} that agree ({@link #WHOLE_POINTS} among whole numbers) count as one. Points where either side is undefined
 * or, without an i, not real are passed over: two expressions are the same when they agree where both have a value.
 */
final class Identity {
    static final long SEED = 20260611L;
    private static final int POINTS = 5;
    /** Remainders and alternating signs agree by chance at many whole numbers. */
    private static final int WHOLE_POINTS = 24;

    private static final int ATTEMPTS = 80;
    /** Without one point where both are defined, there is none to be hoped for. */
    private static final int FIRST_ATTEMPTS = 14;

    private static final int MAX_VARIABLES = 12;

    private final MathNode left;
    private final MathNode right;
    private final Budget budget;
    private final Set<String> variables;
    /** Those of the variables that stand for whole numbers. */
    private final Set<String> whole;

    private final boolean rounds;
    private final boolean complex;
    private final Random random = new Random(SEED);

    private Identity(MathNode left, MathNode right, Budget budget) {
        this.left = left;
        this.right = right;
        this.budget = budget;
        this.variables = new TreeSet<>(Symbolic.variables(left));
        this.variables.addAll(Symbolic.variables(right));
        if (variables.size() > MAX_VARIABLES || variables.contains("infty"))
            throw new UndecidableException("too many variables, or infinity among them");
        this.whole = Symbolic.wholeNumbers(left, budget);
        whole.addAll(Symbolic.wholeNumbers(right, budget));
        this.rounds = whole.isEmpty() && (Symbolic.rounds(left) || Symbolic.rounds(right));
        this.complex = Symbolic.isComplex(left) || Symbolic.isComplex(right);
    }

    /** Whether both are the same function of their variables. */
    static boolean same(MathNode left, MathNode right, Budget budget) {
        Identity identity = new Identity(left, right, budget);
        int agreed = 0;
        for (int attempt = 0; attempt < attempts(agreed) && agreed < identity.points(); attempt++) {
            Value[] values = identity.valuesAt(identity.point(attempt));
            if (values == null) continue;
            if (!values[0].same(values[1])) return false;
            agreed++;
        }
        return agreed >= identity.points();
    }

    /**
     * The sign of the constant that the one is a multiple of the other by; 0 when it is no multiple, or has no sign.
     * Zero is a multiple of nothing, and neither is what has the same value everywhere: 1 is a multiple of 2, but 1 = 0
     * is not 2 = 0.
     */
    static int factor(MathNode left, MathNode right, Budget budget) {
        Identity identity = new Identity(left, right, budget);
        if (identity.variables.isEmpty()) return 0;
        Value first = null;
        boolean varies = false;
        Value factor = null;
        int agreed = 0;
        for (int attempt = 0; attempt < attempts(agreed) && agreed < identity.points(); attempt++) {
            Value[] values = identity.valuesAt(identity.point(attempt));
            if (values == null || values[0].isZero() && values[1].isZero()) continue;
            if (values[0].isZero() || values[1].isZero()) return 0;
            Value quotient = values[0].dividedBy(values[1]);
            if (factor != null && !factor.same(quotient)) return 0;
            factor = quotient;
            varies |= first != null && !first.same(values[0]);
            first = values[0];
            agreed++;
        }
        if (agreed < identity.points() || !varies || !factor.isReal()) return 0;
        return factor.isNegative() ? -1 : 1;
    }

    private int points() {
        return rounds || !whole.isEmpty() ? WHOLE_POINTS : POINTS;
    }

    private static int attempts(int agreed) {
        return agreed == 0 ? FIRST_ATTEMPTS : ATTEMPTS;
    }

    static MathNode difference(MathNode left, MathNode right) {
        return new Sum(List.of(left, new Negate(right)));
    }

    private Map<String, Value> point(int attempt) {
        Map<String, Value> point = new HashMap<>();
        for (String variable : variables)
            point.put(variable, Value.of(whole.contains(variable) ? wholeNumber(attempt) : fraction(attempt)));
        return point;
    }

    /** Up to 6, 40 and 400 in turn: factorials need small ones, remainders large ones. */
    private Rational wholeNumber(int attempt) {
        int size =
                switch (attempt % 3) {
                    case 0 -> 6;
                    case 1 -> 40;
                    default -> 400;
                };
        return Rational.of(1 + random.nextInt(size));
    }

    /**
     * Below 1, below 6 and below 60 in turn; the first points positive, later ones of either sign. Where something is
     * rounded, whole numbers and halves are among them: there floors and ceilings part.
     */
    private Rational fraction(int attempt) {
        int size =
                switch (attempt % 3) {
                    case 0 -> 6;
                    case 1 -> 1;
                    default -> 60;
                };
        int bottom = rounds && attempt % 4 > 1 ? attempt % 4 - 1 : 1009;
        long top = 1 + random.nextInt(size * bottom);
        boolean negative = attempt % 2 == 1 && random.nextInt(3) > 0;
        return Rational.of(negative ? -top : top, bottom);
    }

    /** Both values, or null where one has none. */
    private Value[] valuesAt(Map<String, Value> point) {
        try {
            NumericEvaluator evaluator = new NumericEvaluator(point, budget, complex);
            return new Value[] {left.in(evaluator), right.in(evaluator)};
        } catch (UndecidableException undefined) {
            budget.spend(10);
            return null;
        }
    }
}
