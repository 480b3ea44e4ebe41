package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Interval;
import io.tramontane.rewards.math.MathNode.Matrix;
import io.tramontane.rewards.math.MathNode.Quantity;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Ratio;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Compares an answer with the reference by the kind of the reference. Each way of being equal is tried in turn, and
 * each has a name; where none says equal, the two are not. All ways together have one {@link Budget}.
 */
final class Comparer {
    private static final int MAX_DEPTH = 30;
    private static final Set<String> SINGLE_VALUES = Set.of("=", "~");

    private final Budget budget;
    private final SingleValues values;
    private final Relations relations;
    private final Lists lists;
    private int depth;
    /** The letter that stands for all whole numbers; null where none does. */
    private String counting;

    Comparer(Budget budget) {
        this.budget = budget;
        this.values = new SingleValues(budget);
        this.relations = new Relations(budget);
        this.lists = new Lists(this);
    }

    /** The rule by which the two are the same; null when none says so. */
    String same(MathNode gold, MathNode given) {
        budget.spend(20);
        if (++depth > MAX_DEPTH) throw new UndecidableException("collections deeper than " + MAX_DEPTH);
        try {
            return Canonical.of(gold).equals(Canonical.of(given)) ? "structure" : byKind(gold, given);
        } finally {
            depth--;
        }
    }

    private String byKind(MathNode gold, MathNode given) {
        ParametricFamily wantedFamily = ParametricFamily.of(gold);
        ParametricFamily foundFamily = ParametricFamily.of(given);
        if (wantedFamily != null || foundFamily != null) return families(gold, wantedFamily, given, foundFamily);
        return byShape(gold, given);
    }

    /** With one letter on both sides; where only one side says what its letter is, that holds for the other too. */
    private String families(MathNode gold, ParametricFamily wanted, MathNode given, ParametricFamily found) {
        if (wanted != null && found != null && !wanted.domain().equals(found.domain())) return null;
        ParametricFamily stated = wanted != null ? wanted : found;
        String letter = wanted != null ? wanted.parameter() : found.counterpart(gold);
        String other = found != null ? found.parameter() : wanted.counterpart(given);
        if (letter == null || other == null) return lists.same(listed(gold), listed(given));
        MathNode left = wanted != null ? wanted.body() : gold;
        MathNode right =
                new ParametricFamily(other, stated.domain(), found != null ? found.body() : given).bodyWith(letter);
        if (right == null) return null;
        String outer = counting;
        counting = stated.isEndless() ? letter : null;
        try {
            return same(left, right);
        } finally {
            counting = outer;
        }
    }

    private String byShape(MathNode gold, MathNode given) {
        Exclusions wantedExcept = Exclusions.of(gold);
        Exclusions foundExcept = Exclusions.of(given);
        if (isOfDomain(wantedExcept) || isOfDomain(foundExcept))
            return exceptions(gold, wantedExcept, given, foundExcept);
        MathNode goldList = Assignments.spread(gold);
        MathNode givenList = Assignments.spread(given);
        boolean spread = goldList != gold && Lists.isNamed(givenList) || givenList != given && Lists.isNamed(goldList);
        if (spread) return lists.same(goldList, givenList);
        if (gold instanceof Relation one && given instanceof Relation two) {
            String rule = relations.same(one, two);
            if (rule != null) return rule;
        }
        if ((SetReader.isSet(gold) || SetReader.isSet(given)) && SetReader.same(gold, given, budget)) return "interval";
        if (SymbolicIntervals.same(gold, given, lists)) return "interval";
        if (gold instanceof Relation || given instanceof Relation) return unwrapped(gold, given);
        if (gold instanceof Interval one && given instanceof Interval two) {
            boolean sameEnds = one.lowClosed() == two.lowClosed() && one.highClosed() == two.highClosed();
            return sameEnds && lists.inOrder(one.children(), two.children()) ? "interval" : null;
        }
        MathNode wanted = Matrices.evaluated(gold);
        MathNode found = Matrices.evaluated(given);
        if (wanted instanceof Matrix || found instanceof Matrix) return matrices(wanted, found);
        if (gold instanceof Ratio || given instanceof Ratio) return ratios(gold, given);
        if (isSeveral(gold) || isSeveral(given)) return several(gold, given);
        return single(gold, given);
    }

    private static boolean isOfDomain(Exclusions exceptions) {
        return exceptions != null && exceptions.areOfDomain();
    }

    /** Where both say what they except, it must be the same; where one does, the expressions count. */
    private String exceptions(MathNode gold, Exclusions wanted, MathNode given, Exclusions found) {
        if (found != null && found.contradictItself(values)) return null;
        boolean both = wanted != null && found != null;
        if (both && !SetReader.same(wanted.alone(), found.alone(), budget)) return null;
        return same(wanted != null ? wanted.body() : gold, found != null ? found.body() : given);
    }

    private String single(MathNode gold, MathNode given) {
        String rule = values.same(gold, given);
        if (rule != null) return rule;
        if (counting != null && ParametricFamily.isShifted(gold, given, counting, budget)) return "family";
        MathNode constant = ParametricFamily.withConstant(gold, given);
        return constant != null ? values.same(gold, constant) : null;
    }

    private static boolean isSeveral(MathNode node) {
        return node instanceof Collection || Relations.alternatives(node).size() > 1;
    }

    /** One value is never several, except where a set or list turns out to have one element only on both sides. */
    private String several(MathNode gold, MathNode given) {
        if (!isSeveral(gold) && isSameTwice(given))
            return same(gold, given.children().get(0));
        if (!isSeveral(gold) || !isSeveral(given)) return withoutConditions(gold, given);
        return lists.same(gold, given);
    }

    /** {@code \frac12 \text{ or } 50\%}: one value in several notations, and no choice between values. */
    private boolean isSameTwice(MathNode given) {
        if (!(given instanceof Collection list) || list.shape() != Shape.OR) return false;
        MathNode first = list.children().get(0);
        return list.children().stream().allMatch(value -> values.isSameNumber(first, value));
    }

    private String withoutConditions(MathNode gold, MathNode given) {
        boolean list = gold instanceof Collection one && one.shape() == Shape.LIST
                || given instanceof Collection two && two.shape() == Shape.LIST;
        return list ? lists.same(listed(gold), listed(given)) : null;
    }

    private static MathNode listed(MathNode node) {
        return node instanceof Collection ? node : new Collection(Shape.LIST, List.of(node));
    }

    /** Takes assignments and chains for their values, unless they name different things. */
    private String unwrapped(MathNode gold, MathNode given) {
        MathNode goldName = Assignments.name(gold);
        MathNode givenName = Assignments.name(given);
        if (goldName != null && givenName != null && Assignments.conflict(goldName, givenName)) return null;
        if (isCongruence(gold) && given instanceof Relation && !isCongruence(given)) return null;
        MathNode wanted = valueOf(gold);
        MathNode found = valueOf(given);
        if (wanted == null || found == null) return null;
        boolean approximate =
                gold instanceof Relation reference && reference.operators().contains("~");
        if (approximate && given instanceof Relation chain && !Chains.approximatesWell(chain, budget)) return null;
        if (gold instanceof Relation reference && SINGLE_VALUES.containsAll(reference.operators())) {
            List<MathNode> allowed = Chains.allowed(reference, wanted, budget);
            if (Symbolic.isConstant(gold) && given instanceof Relation && Symbolic.isConstant(given))
                return memberwise(reference, allowed, given);
            return amongAllowed(allowed, found);
        }
        String rule = same(wanted, found);
        if (rule != null) return rule;
        return given instanceof Relation chain && approximates(gold, chain) ? "rounded" : null;
    }

    /** An equation of numbers for an equation of numbers: no side of it may be another number than the reference's. */
    private String memberwise(Relation gold, List<MathNode> allowed, MathNode given) {
        String rule = null;
        for (MathNode member : given.children()) {
            boolean own = gold.children().stream()
                    .anyMatch(wanted -> Canonical.of(wanted).equals(Canonical.of(member)));
            rule = own ? "structure" : amongAllowed(allowed, member);
            if (rule == null) return null;
        }
        return rule;
    }

    /** Any of the values that the reference allows, or one of its exact value with as many places as its own decimal. */
    private String amongAllowed(List<MathNode> allowed, MathNode found) {
        for (MathNode value : allowed) {
            String rule = same(value, found);
            if (rule != null) return rule;
        }
        for (MathNode decimal : allowed.subList(1, allowed.size())) {
            MathNode number = Chains.withoutUnit(found);
            MathNode sameUnit = decimal instanceof Quantity quantity ? new Quantity(number, quantity.unit()) : number;
            if (Chains.isFinerDecimal(allowed.get(0), decimal, number, budget) && same(sameUnit, found) != null)
                return "rounded";
        }
        return null;
    }

    /** {@code n \equiv 1}: n = 1 is one of many solutions. */
    private static boolean isCongruence(MathNode node) {
        return node instanceof Relation relation && relation.operators().contains("equiv");
    }

    private static MathNode valueOf(MathNode node) {
        if (!(node instanceof Relation relation)) return node;
        return relation.operators().equals(List.of("in")) ? relation.children().get(1) : Assignments.value(relation);
    }

    /** A decimal reference, and an answer that gives the exact value and that decimal behind an approximation sign. */
    private boolean approximates(MathNode gold, Relation chain) {
        int last = chain.children().size() - 1;
        MathNode decimal = chain.children().get(last);
        return chain.operators().get(last - 1).equals("~")
                && values.isApproximation(decimal, chain.children().get(last - 1))
                && values.same(gold, decimal) != null;
    }

    /** Two columns, the second with conditions: then the order of the rows does not matter. */
    private static boolean isPiecewise(Matrix matrix) {
        List<MathNode> cells = matrix.children();
        if (matrix.columns() != 2 || matrix.rows() < 2) return false;
        for (int i = 1; i < cells.size(); i += 2)
            if (!(cells.get(i) instanceof Relation) && !(cells.get(i) instanceof MathNode.Words)) return false;
        return true;
    }

    private static MathNode rows(Matrix matrix) {
        List<MathNode> rows = new ArrayList<>();
        for (int i = 0; i < matrix.children().size(); i += 2)
            rows.add(new Collection(Shape.TUPLE, matrix.children().subList(i, i + 2)));
        return new Collection(Shape.LIST, rows);
    }

    private String matrices(MathNode gold, MathNode given) {
        if (gold instanceof Matrix one && given instanceof Matrix two && isPiecewise(one) && isPiecewise(two))
            return lists.same(rows(one), rows(two)) != null ? "matrix" : null;
        if (gold instanceof Matrix one && given instanceof Matrix two)
            return one.columns() == two.columns() && lists.inOrder(one.children(), two.children()) ? "matrix" : null;
        MathNode wanted = gold instanceof Matrix matrix ? Matrices.asTuple(matrix) : gold;
        MathNode found = given instanceof Matrix matrix ? Matrices.asTuple(matrix) : given;
        boolean tuples =
                wanted instanceof Collection one && found instanceof Collection two && one.shape() == two.shape();
        return tuples && lists.inOrder(wanted.children(), found.children()) ? "matrix" : null;
    }

    /** Ratios up to a factor; two parts also as a fraction. What both sides write like times of day is not scaled. */
    private String ratios(MathNode gold, MathNode given) {
        if (gold instanceof Ratio one && given instanceof Ratio two) {
            if (lists.inOrder(one.children(), two.children())) return "ratio";
            boolean times = ClockTimes.isTime(one) && (ClockTimes.isTime(two) || !ClockTimes.isReduced(one));
            if (one.children().size() != two.children().size() || times) return null;
            for (int i = 1; i < one.children().size(); i++)
                if (values.same(part(one, i), part(two, i)) == null) return null;
            return "ratio";
        }
        MathNode wanted = gold instanceof Ratio ratio && ratio.children().size() == 2 ? part(ratio, 1) : gold;
        MathNode found = given instanceof Ratio ratio && ratio.children().size() == 2 ? part(ratio, 1) : given;
        if (wanted instanceof Quantity || found instanceof Quantity) return null;
        if (wanted instanceof Ratio || found instanceof Ratio || isSeveral(wanted) || isSeveral(found)) return null;
        return values.same(wanted, found) != null ? "ratio" : null;
    }

    private static MathNode part(Ratio ratio, int index) {
        return new Quotient(ratio.children().get(0), ratio.children().get(index));
    }
}
