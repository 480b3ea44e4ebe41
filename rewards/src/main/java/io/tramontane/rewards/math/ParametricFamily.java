package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Sum;
import io.tramontane.rewards.math.MathNode.Sym;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Infinitely many values: an expression with a parameter that is declared to be a whole number. The letter does
 * not matter, and neither does where the counting of evenly spaced values starts.
 *
 * @param parameter the letter
 * @param domain the set that it is declared to be an element of, in canonical form
 * @param body the values, without the declaration of the letter
 */
record ParametricFamily(String parameter, String domain, MathNode body) {
    private static final String WHOLE = "mathbb(Z)";
    private static final Set<String> CONSTANTS = Set.of("c", "k", "K", "C_0", "C_1", "c_0", "c_1");

    /** The family that a list with exactly one such condition is; null for anything else. */
    static ParametricFamily of(MathNode node) {
        if (!(node instanceof Collection list)) return null;
        List<MathNode> values = new ArrayList<>();
        Relation condition = null;
        for (MathNode element : list.children()) {
            if (!isCondition(element) && !isParameter(element, list)) values.add(element);
            else if (condition != null) return null;
            else condition = (Relation) element;
        }
        boolean named = condition != null && condition.children().get(0) instanceof Sym && !values.isEmpty();
        if (!named) return null;
        MathNode body = values.size() == 1 ? values.get(0) : new Collection(list.shape(), values);
        String letter = ((Sym) condition.children().get(0)).name();
        if (SetReader.isSet(body) && Symbolic.variables(body).equals(Set.of(letter))) return null;
        return new ParametricFamily(letter, Canonical.of(condition.children().get(1)), body);
    }

    /** {@code k \in \mathbb{Z}}. */
    static boolean isCondition(MathNode node) {
        return node instanceof Relation relation
                && relation.operators().equals(List.of("in"))
                && Canonical.of(relation.children().get(1)).matches("mathbb\\([ZN]\\).*");
    }

    /** {@code c \in \mathbb{R}} behind an expression with c: a parameter, which may have another letter. */
    private static boolean isParameter(MathNode node, Collection list) {
        boolean said = node instanceof Relation relation
                && relation.operators().equals(List.of("in"))
                && relation.children().get(0) instanceof Sym
                && Canonical.of(relation.children().get(1)).matches("mathbb\\([RQC]\\)");
        if (!said) return false;
        String letter = ((Sym) node.children().get(0)).name();
        return list.children().stream()
                .allMatch(other -> other == node
                        || !SetReader.isSet(other) && Symbolic.variables(other).contains(letter));
    }

    /** Whether the counting may start anywhere. */
    boolean isEndless() {
        return domain.equals(WHOLE);
    }

    /** The same values with another letter; null where that letter already means something else. */
    MathNode bodyWith(String letter) {
        if (letter.equals(parameter)) return body;
        if (Symbolic.variables(body).contains(letter)) return null;
        return renamed(body, parameter, letter);
    }

    /** A letter of {@code undeclared} that can only be this parameter; null when there is none. */
    String counterpart(MathNode undeclared) {
        Set<String> others = new TreeSet<>();
        collectValues(undeclared, others);
        if (others.contains(parameter)) return parameter;
        others.removeAll(Symbolic.variables(body));
        return others.size() == 1 ? others.iterator().next() : null;
    }

    /** The variables of values; x in x = k pi is none. */
    private static void collectValues(MathNode node, Set<String> names) {
        boolean named = node instanceof Relation && Assignments.name(node) instanceof Sym;
        if (named) names.addAll(Symbolic.variables(Assignments.value((Relation) node)));
        else if (node instanceof Collection) for (MathNode child : node.children()) collectValues(child, names);
        else names.addAll(Symbolic.variables(node));
    }

    static MathNode renamed(MathNode node, String from, String to) {
        Sym old = new Sym(from);
        return node.map(inner -> inner.equals(old) ? new Sym(to) : inner);
    }

    /** {@code a + kp} and {@code b + kq} with q = p or -p are the same values for all k when (a - b) / p is whole. */
    static boolean isShifted(MathNode gold, MathNode given, String parameter, Budget budget) {
        Set<String> alone = Set.of(parameter);
        if (!Symbolic.variables(gold).equals(alone)
                || !Symbolic.variables(given).equals(alone)) return false;
        try {
            Value start = at(gold, parameter, 0, budget);
            Value step = straightStep(gold, parameter, start, budget);
            Value other = at(given, parameter, 0, budget);
            Value otherStep = straightStep(given, parameter, other, budget);
            if (step.isZero() || !step.same(otherStep) && !step.same(otherStep.negated())) return false;
            return isWhole(start.minus(other).dividedBy(step));
        } catch (UndecidableException undecidable) {
            return false;
        }
    }

    private static Value straightStep(MathNode node, String parameter, Value start, Budget budget) {
        Value step = at(node, parameter, 1, budget).minus(start);
        Value far = at(node, parameter, 7, budget);
        if (!far.same(start.plus(step.times(Value.of(7))))) throw new UndecidableException("not evenly spaced");
        return step;
    }

    private static Value at(MathNode node, String parameter, long value, Budget budget) {
        return node.in(new NumericEvaluator(Map.of(parameter, Value.of(value)), budget, false));
    }

    private static boolean isWhole(Value value) {
        if (value.isExact()) return value.isWhole();
        BigDecimal nearest = value.re().setScale(0, RoundingMode.HALF_EVEN);
        return nearest.abs().compareTo(BigDecimal.TEN.pow(6)) < 0 && value.same(Value.of(nearest.longValueExact()));
    }

    /** The answer with its constant of integration named as the reference's C; null where there is none to rename. */
    static MathNode withConstant(MathNode gold, MathNode given) {
        if (!(gold instanceof Sum wanted) || !(given instanceof Sum found)) return null;
        if (!wanted.children().contains(new Sym("C"))
                || Symbolic.variables(given).contains("C")) return null;
        Set<String> fixed = Symbolic.variables(gold);
        for (MathNode term : found.children())
            if (term instanceof Sym letter && CONSTANTS.contains(letter.name()) && !fixed.contains(letter.name()))
                return renamed(given, letter.name(), "C");
        return null;
    }
}
