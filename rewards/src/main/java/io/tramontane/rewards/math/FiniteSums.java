package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Sum;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.ArrayList;
import java.util.List;

/** Writes out sums and products between whole numbers, as long as that stays short ({@link Cursor#mayWrite}). */
final class FiniteSums {
    private static final int MAX_TERMS = 200;
    private static final int STEPS_OF_AN_END = 2000;

    private FiniteSums() {}

    /**
     * The terms of {@code \sum_{k=1}^{3} k^2}; null where the ends are no whole numbers, or it would be too long.
     *
     * @param head sum or prod and the signs of the ends in their order: {@code sum_^}
     * @param parts the two ends in that order, then the term
     */
    static MathNode expanded(String head, List<MathNode> parts, Cursor cursor) {
        boolean sum = head.startsWith("sum");
        if (!sum && !head.startsWith("prod") || parts.size() != 3) return null;
        boolean lowFirst = head.endsWith("_^");
        if (!lowFirst && !head.endsWith("^_")) return null;
        MathNode start = parts.get(lowFirst ? 0 : 1);
        boolean names = start instanceof Relation relation
                && relation.operators().equals(List.of("="))
                && relation.children().get(0) instanceof Sym;
        if (!names) return null;
        Sym index = (Sym) start.children().get(0);
        Integer from = whole(start.children().get(1));
        Integer to = whole(parts.get(lowFirst ? 1 : 0));
        if (from == null || to == null || to < from || to - from >= MAX_TERMS) return null;
        MathNode term = parts.get(2);
        if (!cursor.mayWrite((long) term.size() * (to - from + 1))) return null;
        List<MathNode> terms = new ArrayList<>();
        for (int value = from; value <= to; value++) {
            MathNode number = new Num(Rational.of(value), -2, 1);
            terms.add(term.map(node -> node.equals(index) ? number : node));
        }
        if (terms.size() == 1) return terms.get(0);
        return sum ? new Sum(terms) : new Product(terms);
    }

    private static Integer whole(MathNode node) {
        if (!Symbolic.isConstant(node)) return null;
        Value value = NumericEvaluator.constant(node, new Budget(STEPS_OF_AN_END));
        boolean small = value != null && value.isWhole() && value.whole().bitLength() < 20;
        return small ? value.whole().intValue() : null;
    }
}
