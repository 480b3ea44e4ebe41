package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Interval;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.SetOperation;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.MathNode.Sum;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Parses intervals, unions, set braces and linear inequalities in one variable as sets of real numbers. Throws
 * what is undecidable: symbolic ends, several variables, curves.
 */
final class SetReader {
    private final Budget budget;
    private final boolean pairsAreIntervals;
    /** The variable of the inequalities; at most one name. */
    private final Set<String> subjects = new HashSet<>();

    private SetReader(Budget budget, boolean pairsAreIntervals) {
        this.budget = budget;
        this.pairsAreIntervals = pairsAreIntervals;
    }

    /** Whether the two are the same set of reals, about the same variable where both name one. */
    static boolean same(MathNode gold, MathNode given, Budget budget) {
        if (isEquation(gold) || isEquation(given)) return false;
        try {
            SetReader golden = new SetReader(budget, isSet(given));
            SetReader read = new SetReader(budget, isSet(gold));
            RealSet wanted = golden.read(gold);
            RealSet found = read.read(given);
            boolean sameSubject =
                    golden.subjects.isEmpty() || read.subjects.isEmpty() || golden.subjects.equals(read.subjects);
            return sameSubject && wanted.same(found);
        } catch (UndecidableException undecidable) {
            return false;
        }
    }

    /** Whether the node can only be a set or an inequality. */
    static boolean isSet(MathNode node) {
        if (node instanceof Interval || node instanceof SetOperation || isReals(node)) return true;
        if (node instanceof Relation relation)
            return relation.operators().stream()
                    .anyMatch(sign -> !sign.equals("=") && !sign.equals("~") && !sign.equals("equiv"));
        if (node instanceof Collection c
                && (c.shape() == Shape.OR || c.shape() == Shape.AND || c.shape() == Shape.LIST))
            return c.children().stream().anyMatch(SetReader::isSet);
        return node instanceof Sum sum && sum.children().stream().anyMatch(SetReader::isReals);
    }

    /** {@code x = 1} is a number, and a set only beside other conditions. */
    private static boolean isEquation(MathNode node) {
        return node instanceof Relation && !isSet(node);
    }

    private static boolean isReals(MathNode node) {
        return node instanceof Sym symbol && symbol.name().equals("mathbb(R)");
    }

    /** {@code x \in \mathbb{R}}, which adds nothing to other conditions. */
    private static boolean isReal(MathNode node) {
        return node instanceof Relation relation
                && relation.operators().equals(List.of("in"))
                && isReals(relation.children().get(1));
    }

    private RealSet read(MathNode node) {
        budget.spend(20);
        if (isReals(node)) return RealSet.ALL;
        if (node instanceof Interval i)
            return RealSet.of(List.of(piece(i.low(), i.high(), i.lowClosed(), i.highClosed())));
        if (node instanceof Collection collection) return collection(collection);
        if (node instanceof SetOperation operation) return operation(operation);
        if (node instanceof Relation relation) return relation(relation);
        if (node instanceof Sum sum
                && isReals(sum.children().get(0))
                && sum.children().get(1) instanceof Negate minus)
            return read(minus.inner()).complement();
        throw new UndecidableException("not a set of real numbers");
    }

    private RealInterval piece(MathNode low, MathNode high, boolean lowClosed, boolean highClosed) {
        boolean fromInfinity = low instanceof Negate minus && isInfinity(minus.inner());
        boolean toInfinity = isInfinity(high);
        RealInterval piece = new RealInterval(
                fromInfinity ? null : value(low), toInfinity ? null : value(high), lowClosed, highClosed);
        if (piece.isEmpty()) throw new UndecidableException("an interval from high to low");
        return piece;
    }

    private static boolean isInfinity(MathNode node) {
        return node instanceof Sym symbol && symbol.name().equals("infty");
    }

    private Value value(MathNode node) {
        return node.in(new NumericEvaluator(Map.of(), budget, false));
    }

    private RealSet collection(Collection collection) {
        List<MathNode> parts = collection.children();
        switch (collection.shape()) {
            case SET -> {
                List<RealInterval> points = new ArrayList<>();
                for (MathNode part : parts) points.add(RealInterval.point(value(part)));
                return RealSet.of(points);
            }
            case OR, AND -> {
                RealSet all = read(parts.get(0));
                for (MathNode part : parts.subList(1, parts.size()))
                    all = collection.shape() == Shape.OR ? all.union(read(part)) : all.intersection(read(part));
                return all;
            }
            case TUPLE -> {
                if (parts.size() != 2 || !pairsAreIntervals) throw new UndecidableException("a point");
                return RealSet.of(List.of(piece(parts.get(0), parts.get(1), false, false)));
            }
            default -> {
                List<MathNode> conditions = new ArrayList<>(parts);
                conditions.removeIf(SetReader::isReal);
                return conditions.size() == 1 ? read(conditions.get(0)) : excluded(conditions);
            }
        }
    }

    /** {@code x \neq 0, 1} and {@code x \neq 0, x \neq 1}: all but these; {@code 0 < x < 36, x \neq 9}: a set but these. */
    private RealSet excluded(List<MathNode> parts) {
        Exclusions exceptions = Exclusions.of(new Collection(Shape.LIST, parts));
        if (exceptions != null) {
            RealSet all = read(exceptions.body());
            for (Relation one : exceptions.excluded()) all = all.intersection(read(one));
            return all;
        }
        boolean first =
                parts.get(0) instanceof Relation head && head.operators().equals(List.of("!="));
        if (!first) throw new UndecidableException("a list");
        MathNode subject = parts.get(0).children().get(0);
        RealSet all = RealSet.ALL;
        for (MathNode part : parts) {
            boolean relation = part instanceof Relation;
            all = all.intersection(read(relation ? part : new Relation(List.of(subject, part), List.of("!="))));
        }
        return all;
    }

    private RealSet operation(SetOperation operation) {
        SetReader inner = new SetReader(budget, true);
        RealSet left = inner.read(operation.left());
        RealSet right = inner.read(operation.right());
        subjects.addAll(inner.subjects);
        return switch (operation.operator()) {
            case "cup" -> left.union(right);
            case "cap" -> left.intersection(right);
            default -> left.intersection(right.complement());
        };
    }

    private RealSet relation(Relation relation) {
        List<MathNode> members = relation.children();
        if (relation.operators().equals(List.of("in"))) {
            subjects.add(Canonical.of(members.get(0)));
            return new SetReader(budget, true).read(members.get(1));
        }
        if (relation.operators().equals(List.of("!="))
                && Relations.alternatives(relation).size() == 2)
            return read(Relations.alternatives(relation).get(0))
                    .intersection(read(Relations.alternatives(relation).get(1)));
        RealSet all = RealSet.ALL;
        for (int i = 0; i + 1 < members.size(); i++)
            all = all.intersection(
                    inequality(members.get(i), relation.operators().get(i), members.get(i + 1)));
        return all;
    }

    /** {@code a x + b < c}, also with |a x + b| in the place of x. */
    private RealSet inequality(MathNode left, String sign, MathNode right) {
        MathNode difference = Identity.difference(left, right);
        MathNode inside = insideBars(difference);
        Sym bars = new Sym("the absolute value");
        MathNode plain = inside == null ? difference : difference.map(node -> isBars(node, inside) ? bars : node);
        Set<String> variables = Symbolic.variables(inside == null ? plain : inside);
        if (variables.size() != 1) throw new UndecidableException(variables.size() + " variables");
        String subject = variables.iterator().next();
        subjects.add(subject);
        if (subjects.size() > 1) throw new UndecidableException("several variables");
        if (inside == null) return linear(plain, subject, sign);
        if (!Symbolic.variables(plain).equals(Set.of(bars.name())))
            throw new UndecidableException("x beside its absolute value");
        RealSet values = linear(plain, bars.name(), sign).ofAbsoluteValues();
        Value shift = at(inside, subject, 0);
        Value slope = at(inside, subject, 1).minus(shift);
        requireStraight(inside, subject, shift, slope);
        return values.preimage(slope, shift);
    }

    /** What stands between the only bars; null without bars. */
    private static MathNode insideBars(MathNode node) {
        if (node instanceof Call call && call.function().equals("abs") && !Symbolic.isConstant(call))
            return call.children().get(0);
        for (MathNode child : node.children()) {
            MathNode inside = insideBars(child);
            if (inside != null) return inside;
        }
        return null;
    }

    private static boolean isBars(MathNode node, MathNode inside) {
        return node instanceof Call call
                && call.function().equals("abs")
                && call.children().get(0).equals(inside);
    }

    private RealSet linear(MathNode difference, String subject, String sign) {
        Value at0 = at(difference, subject, 0);
        Value slope = at(difference, subject, 1).minus(at0);
        requireStraight(difference, subject, at0, slope);
        Value root = at0.dividedBy(slope).negated();
        boolean below = sign.startsWith("<") != slope.isNegative();
        boolean closed = sign.endsWith("=");
        return switch (sign) {
            case "=" -> RealSet.of(List.of(RealInterval.point(root)));
            case "!=" -> RealSet.of(List.of(RealInterval.point(root))).complement();
            case "<", "<=", ">", ">=" ->
                RealSet.of(List.of(
                        below
                                ? new RealInterval(null, root, false, closed)
                                : new RealInterval(root, null, closed, false)));
            default -> throw new UndecidableException("relation " + sign);
        };
    }

    private void requireStraight(MathNode node, String subject, Value at0, Value slope) {
        Value far = at0.plus(slope.times(Value.of(7)));
        Value near = at0.plus(slope.times(Value.of(-3)));
        boolean straight =
                at(node, subject, 7).same(far) && at(node, subject, -3).same(near);
        if (!straight || slope.isZero()) throw new UndecidableException("not linear");
    }

    private Value at(MathNode node, String subject, long x) {
        return node.in(new NumericEvaluator(Map.of(subject, Value.of(x)), budget, false));
    }
}
