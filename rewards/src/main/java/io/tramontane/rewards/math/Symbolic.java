package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Questions about the variables of a tree. */
final class Symbolic {
    private static final Set<String> CONSTANTS = Set.of("pi", "e", "i");
    private static final Set<String> OF_WHOLE_NUMBERS = Set.of("factorial", "binom", "mod", "gcd", "lcm");
    private static final Set<String> ROUNDING = Set.of("floor", "ceil");
    /** Letters that stand for whole numbers where something is rounded: floor(x) is not x, but floor(n) is n. */
    private static final Set<String> USUALLY_WHOLE = Set.of("j", "k", "m", "n", "N");

    private Symbolic() {}

    /** Names of the variables, and of terms that are only known by their names. */
    static Set<String> variables(MathNode node) {
        Set<String> names = new TreeSet<>();
        collect(node, names);
        return names;
    }

    private static void collect(MathNode node, Set<String> names) {
        if (node instanceof Opaque) names.add(Canonical.of(node));
        else if (node instanceof Sym symbol) {
            if (!CONSTANTS.contains(symbol.name())) names.add(symbol.name());
        } else for (MathNode child : node.children()) collect(child, names);
    }

    static boolean isConstant(MathNode node) {
        return variables(node).isEmpty();
    }

    static boolean contains(MathNode node, Predicate<MathNode> wanted) {
        if (wanted.test(node)) return true;
        for (MathNode child : node.children()) if (contains(child, wanted)) return true;
        return false;
    }

    /** The variables that only make sense as whole numbers: in factorials, in the exponent of (-1)^n. */
    static Set<String> wholeNumbers(MathNode node, Budget budget) {
        Set<String> names = new TreeSet<>();
        contains(node, inner -> {
            if (inner instanceof Call call && needsWholeNumbers(call)) names.addAll(variables(call));
            if (inner instanceof Power power && hasWholeExponent(power, budget))
                names.addAll(variables(power.exponent()));
            return false;
        });
        return names;
    }

    private static boolean needsWholeNumbers(Call call) {
        boolean usually = ROUNDING.contains(call.function()) && USUALLY_WHOLE.containsAll(variables(call));
        return usually || OF_WHOLE_NUMBERS.contains(call.function());
    }

    /** (-1)^n, and x^n, which is not |x|^n although both are real for positive x only where n is none. */
    private static boolean hasWholeExponent(Power power, Budget budget) {
        if (isConstant(power.exponent())) return false;
        if (isConstant(power.base())) return isNegative(power.base(), budget);
        return USUALLY_WHOLE.containsAll(variables(power.exponent()));
    }

    /** Whether it jumps: a floor or ceiling of something that varies. */
    static boolean rounds(MathNode node) {
        return contains(
                node, inner -> inner instanceof Call call && ROUNDING.contains(call.function()) && !isConstant(call));
    }

    private static boolean isNegative(MathNode base, Budget budget) {
        Value value = NumericEvaluator.constant(base, budget);
        return value != null && value.isNegative();
    }

    static boolean isComplex(MathNode node) {
        return contains(
                node,
                inner -> inner instanceof Sym symbol && symbol.name().equals("i")
                        || inner instanceof Call call && call.function().equals("cis"));
    }
}
