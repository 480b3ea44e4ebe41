package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An answer with exceptions: {@code 0 < x < 36, x \ne 9}, {@code \frac{1}{x-2}, x \ne 2, 3}.
 *
 * @param body what the exceptions are made from
 * @param excluded relations with {@code !=}, one for each value
 */
record Exclusions(MathNode body, List<Relation> excluded) {
    private static final List<String> UNEQUAL = List.of("!=");

    /** Splits an answer into body and exceptions; null where one of them is missing. */
    static Exclusions of(MathNode node) {
        boolean list = node instanceof Collection c && (c.shape() == Shape.LIST || c.shape() == Shape.AND);
        if (!list) return null;
        List<MathNode> body = new ArrayList<>();
        List<Relation> excluded = new ArrayList<>();
        for (MathNode part : node.children()) {
            boolean goesOn = !excluded.isEmpty() && !(part instanceof Relation);
            if (part instanceof Relation relation && relation.operators().equals(UNEQUAL)) excluded.add(relation);
            else if (goesOn)
                excluded.add(new Relation(List.of(excluded.get(0).children().get(0), part), UNEQUAL));
            else body.add(part);
        }
        return body.size() == 1 && !excluded.isEmpty() ? new Exclusions(body.get(0), List.copyOf(excluded)) : null;
    }

    /** Whether the exceptions only say where an expression is defined: they are about a letter of it. */
    boolean areOfDomain() {
        if (SetReader.isSet(body)) return false;
        Set<String> letters = Symbolic.variables(body);
        for (Relation one : excluded)
            if (!letters.containsAll(Symbolic.variables(one.children().get(0)))) return false;
        return !letters.isEmpty();
    }

    /** Whether the body is a value that is itself excluded: {@code x = 5, x \ne 5}. */
    boolean contradictItself(SingleValues values) {
        MathNode value = body instanceof Relation relation ? Assignments.value(relation) : null;
        return value != null
                && excluded.stream()
                        .anyMatch(one -> values.same(value, one.children().get(1)) != null);
    }

    /** The exceptions alone, as a list. */
    MathNode alone() {
        return new Collection(Shape.AND, List.copyOf(excluded));
    }
}
