package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Interval;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.List;

/** Reads {@code a < x <= b} as the interval {@code (a, b]} where the ends are letters, so that only these are compared. */
final class SymbolicIntervals {
    private static final Sym INFINITY = new Sym("infty");

    private SymbolicIntervals() {}

    /** Whether one side is an interval and the other a chain of inequalities for it. */
    static boolean same(MathNode gold, MathNode given, Lists lists) {
        MathNode wanted = withoutSubject(gold);
        MathNode found = withoutSubject(given);
        boolean goldOrdered = isOrdered(wanted);
        if (goldOrdered == isOrdered(found)) return false;
        Interval interval = interval(goldOrdered ? found : wanted);
        if (interval == null) return false;
        for (Interval read : readings((Relation) (goldOrdered ? wanted : found))) {
            boolean closed = read.lowClosed() == interval.lowClosed() && read.highClosed() == interval.highClosed();
            List<MathNode> first = goldOrdered ? read.children() : interval.children();
            List<MathNode> second = goldOrdered ? interval.children() : read.children();
            if (closed && lists.inOrder(first, second)) return true;
        }
        return false;
    }

    /** {@code x \in (a, b]} as its interval. */
    private static MathNode withoutSubject(MathNode node) {
        boolean in = node instanceof Relation relation && relation.operators().equals(List.of("in"));
        return in ? node.children().get(1) : node;
    }

    private static boolean isOrdered(MathNode node) {
        return node instanceof Relation relation
                && relation.children().size() <= 3
                && relation.operators().stream().allMatch(sign -> sign.startsWith("<") || sign.startsWith(">"));
    }

    private static Interval interval(MathNode node) {
        if (node instanceof Interval interval) return interval;
        boolean pair = node instanceof Collection tuple
                && tuple.shape() == Shape.TUPLE
                && tuple.children().size() == 2;
        return pair ? new Interval(node.children().get(0), node.children().get(1), false, false) : null;
    }

    /** What the chain says about a letter in its middle, or about either side of a single sign. */
    private static List<Interval> readings(Relation chain) {
        List<MathNode> members = chain.children();
        List<String> signs = chain.operators();
        if (members.size() == 3) {
            boolean rising = signs.get(0).startsWith("<");
            if (rising != signs.get(1).startsWith("<") || !isSubject(members.get(1), members)) return List.of();
            boolean first = signs.get(0).endsWith("=");
            boolean second = signs.get(1).endsWith("=");
            return List.of(
                    rising
                            ? new Interval(members.get(0), members.get(2), first, second)
                            : new Interval(members.get(2), members.get(0), second, first));
        }
        boolean closed = signs.get(0).endsWith("=");
        boolean below = signs.get(0).startsWith("<");
        Interval left = half(members.get(0), members.get(1), below, closed);
        Interval right = half(members.get(1), members.get(0), !below, closed);
        return left == null
                ? right == null ? List.of() : List.of(right)
                : right == null ? List.of(left) : List.of(left, right);
    }

    private static Interval half(MathNode subject, MathNode end, boolean below, boolean closed) {
        if (!isSubject(subject, List.of(subject, end))) return null;
        return below
                ? new Interval(new Negate(INFINITY), end, false, closed)
                : new Interval(end, INFINITY, closed, false);
    }

    /** A letter that stands nowhere else. */
    private static boolean isSubject(MathNode node, List<MathNode> members) {
        if (!(node instanceof Sym letter) || Symbolic.isConstant(letter)) return false;
        return members.stream().filter(member -> member != node).noneMatch(member -> Symbolic.variables(member)
                .contains(letter.name()));
    }
}
