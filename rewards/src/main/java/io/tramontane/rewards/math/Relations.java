package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.PlusMinus;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Sum;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.List;

/** Equations and inequalities up to a factor. */
final class Relations {
    private final Budget budget;

    Relations(Budget budget) {
        this.budget = budget;
    }

    /**
     * Compares two relations of two members as equations or inequalities, up to a factor. Where nothing is left that
     * varies, "up to a factor" would make any two of them the same: then both sides must be.
     */
    String same(Relation gold, Relation given) {
        if (gold.children().size() != 2 || given.children().size() != 2) return chains(gold, given);
        String wanted = gold.operators().get(0);
        String found = given.operators().get(0);
        MathNode left = difference(gold);
        MathNode right = difference(given);
        try {
            if (wanted.equals("=") || wanted.equals("!=")) {
                boolean factor = found.equals(wanted) && Identity.factor(left, right, budget) != 0;
                return factor || bothSides(gold, given) ? "equation" : null;
            }
            if (!isOrder(wanted) || !isOrder(found) || wanted.length() != found.length()) return null;
            int sign = wanted.charAt(0) == found.charAt(0) ? 1 : -1;
            boolean factor = Identity.factor(left, right, budget) == sign;
            return factor || bothSides(gold, given) ? "inequality" : null;
        } catch (UndecidableException undecidable) {
            return null;
        }
    }

    /** Whether both have the same two sides: numbers by their value, identities by how they are written. */
    private boolean bothSides(Relation gold, Relation given) {
        String wanted = gold.operators().get(0);
        String found = given.operators().get(0);
        MathNode left = given.children().get(0);
        MathNode right = given.children().get(1);
        boolean alike = wanted.equals(found) || wanted.equals("=") && found.equals("~");
        boolean turned = isOrder(wanted) ? wanted.equals(mirrored(found)) : alike;
        return alike && areSides(gold, left, right) || turned && areSides(gold, right, left);
    }

    private boolean areSides(Relation gold, MathNode left, MathNode right) {
        return isSide(gold.children().get(0), left) && isSide(gold.children().get(1), right);
    }

    private boolean isSide(MathNode wanted, MathNode found) {
        boolean numbers = Symbolic.isConstant(wanted) && Symbolic.isConstant(found);
        return numbers ? new SingleValues(budget).same(wanted, found) != null : Monomials.same(wanted, found);
    }

    private static boolean isOrder(String sign) {
        return sign.startsWith("<") || sign.startsWith(">");
    }

    private static MathNode difference(Relation relation) {
        return Identity.difference(
                relation.children().get(0), relation.children().get(1));
    }

    /** {@code a < b < c} in the same order, or {@code c > b > a}. */
    private String chains(Relation gold, Relation given) {
        int size = gold.children().size();
        if (size != given.children().size() || !gold.operators().stream().allMatch(Relations::isOrder)) return null;
        SingleValues values = new SingleValues(budget);
        boolean reversed = !gold.operators().equals(given.operators());
        for (int i = 0; i < size; i++) {
            int other = reversed ? size - 1 - i : i;
            if (values.same(gold.children().get(i), given.children().get(other)) == null) return null;
            if (i + 1 == size) break;
            String sign = given.operators().get(reversed ? size - 2 - i : i);
            if (!gold.operators().get(i).equals(reversed ? mirrored(sign) : sign)) return null;
        }
        return "inequality";
    }

    private static String mirrored(String sign) {
        return (sign.startsWith("<") ? ">" : "<") + sign.substring(1);
    }

    /** The two values of an expression with one plus-minus sign, or with signs that are tied to each other. */
    static List<MathNode> alternatives(MathNode node) {
        int[] signs = new int[2];
        count(node, signs);
        boolean tied = signs[0] + signs[1] == 1 || signs[0] > 0 && signs[1] > 0;
        if (!tied) return List.of(node);
        return List.of(chosen(node, true), chosen(node, false));
    }

    private static void count(MathNode node, int[] signs) {
        if (node instanceof PlusMinus sign) signs[sign.upper() ? 0 : 1]++;
        for (MathNode child : node.children()) count(child, signs);
    }

    private static MathNode chosen(MathNode node, boolean plus) {
        return node.map(inner -> {
            if (!(inner instanceof PlusMinus sign)) return inner;
            return sign.upper() == plus ? sign.inner() : new MathNode.Negate(sign.inner());
        });
    }

    static boolean isExpression(MathNode node) {
        return node instanceof Num
                || node instanceof Sym
                || node instanceof Sum
                || node instanceof Product
                || node instanceof Quotient
                || node instanceof Power
                || node instanceof Call
                || node instanceof MathNode.Negate
                || node instanceof PlusMinus
                || node instanceof Opaque
                || node instanceof MathNode.Percent
                || node instanceof MathNode.Degrees
                || node instanceof MathNode.Quantity;
    }
}
