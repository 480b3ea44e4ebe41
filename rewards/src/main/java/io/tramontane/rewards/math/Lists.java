package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.MathNode.Sym;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares collections. Lists and sets have no order; tuples have one, and so has a list beside a tuple or beside
 * named values. Sets, and lists of tuples, forget repetitions. At most {@link #MAX_SIZE} elements.
 */
final class Lists {
    static final int MAX_SIZE = 60;

    private final Comparer comparer;

    Lists(Comparer comparer) {
        this.comparer = comparer;
    }

    /** The rule by which two collections are the same; null when none says so. */
    String same(MathNode gold, MathNode given) {
        List<MathNode> wanted = elements(gold);
        List<MathNode> found = elements(given);
        if (wanted.size() > MAX_SIZE || found.size() > MAX_SIZE) return null;
        Shape goldShape = shape(gold);
        Shape givenShape = shape(given);
        if (isNamedOutOfOrder(gold, found)) return null;
        if (goldShape == Shape.TUPLE || givenShape == Shape.TUPLE) {
            boolean set = goldShape == Shape.SET || givenShape == Shape.SET;
            boolean either = goldShape == Shape.OR || givenShape == Shape.OR;
            boolean alternatives = isNamedTwice(wanted) || isNamedTwice(found);
            return !set && !either && !alternatives && inOrder(wanted, found) ? "tuple" : null;
        }
        if (contradict(goldShape, givenShape) && wanted.stream().anyMatch(SetReader::isSet)) return null;
        boolean goldNamed = hasDistinctNames(wanted);
        boolean givenNamed = hasDistinctNames(found);
        boolean set = goldShape == Shape.SET || givenShape == Shape.SET;
        if (set && (goldNamed || givenNamed)) return null;
        if (goldNamed && givenNamed) return byName(wanted, found) ? "list" : null;
        if (goldNamed || givenNamed) return inOrder(wanted, found) ? "list" : null;
        if (set || isOfTuples(wanted)) {
            wanted = distinct(wanted);
            found = distinct(found);
        }
        return inAnyOrder(wanted, found) ? set ? "set" : "list" : null;
    }

    /** "And" between inequalities is not "or". */
    private static boolean contradict(Shape gold, Shape given) {
        return gold == Shape.AND && given == Shape.OR || gold == Shape.OR && given == Shape.AND;
    }

    private static Shape shape(MathNode node) {
        if (!(node instanceof Collection collection)) return Shape.OR;
        return collection.shape() == Shape.BRACKETS ? Shape.TUPLE : collection.shape();
    }

    /** The elements, with plus-minus taken apart; a semicolon's groups become tuples. */
    private static List<MathNode> elements(MathNode node) {
        List<MathNode> elements = new ArrayList<>();
        boolean tuple = shape(node) == Shape.TUPLE;
        List<MathNode> parts = node instanceof Collection collection ? collection.children() : List.of(node);
        for (MathNode part : parts) {
            if (elements.size() > MAX_SIZE) break;
            if (tuple) elements.add(part);
            else if (part instanceof Collection group && group.shape() == Shape.LIST) elements.add(asTuple(group));
            else elements.addAll(Relations.alternatives(part));
        }
        boolean sets = elements.stream()
                .anyMatch(element -> !ParametricFamily.isCondition(element) && SetReader.isSet(element));
        elements.removeIf(element -> !sets && elements.size() > 1 && ParametricFamily.isCondition(element));
        return elements;
    }

    private static MathNode asTuple(Collection group) {
        List<MathNode> values = new ArrayList<>();
        boolean named = hasDistinctNames(group.children());
        for (MathNode child : group.children()) values.add(named ? Assignments.value((Relation) child) : child);
        return new Collection(Shape.TUPLE, values);
    }

    private static boolean isOfTuples(List<MathNode> elements) {
        return elements.stream().allMatch(element -> element instanceof Collection c && c.shape() == Shape.TUPLE);
    }

    /** A list of assignments to different names. */
    static boolean isNamed(MathNode node) {
        return node instanceof Collection list && list.shape() != Shape.TUPLE && hasDistinctNames(list.children());
    }

    private static boolean hasDistinctNames(List<MathNode> elements) {
        Set<String> names = new HashSet<>();
        for (MathNode element : elements) {
            MathNode name = Assignments.name(element);
            if (name == null || !names.add(Canonical.of(name))) return false;
        }
        return elements.size() > 1;
    }

    /**
     * Values with names beside a reference without: only in alphabetical order, each name once, can they be meant for
     * its places. Several values of one name are alternatives, and no tuple.
     */
    private static boolean isNamedOutOfOrder(MathNode gold, List<MathNode> given) {
        List<MathNode> wanted = elements(gold);
        boolean named = given.stream().anyMatch(element -> Assignments.name(element) != null);
        if (!named || wanted.stream().anyMatch(element -> Assignments.name(element) != null)) return false;
        if (!hasDistinctNames(given)) return shape(gold) == Shape.TUPLE;
        for (int i = 1; i < given.size(); i++)
            if (name(given.get(i)).compareTo(name(given.get(i - 1))) < 0) return true;
        return false;
    }

    private static boolean isNamedTwice(List<MathNode> elements) {
        return elements.stream().anyMatch(element -> Assignments.name(element) != null) && !hasDistinctNames(elements);
    }

    /** {@code x(t)} is called x; f(1) and f(2) are two names. */
    private static String name(MathNode assignment) {
        MathNode name = Assignments.name(assignment);
        boolean function = name instanceof Opaque applied
                && applied.children().size() == 1
                && applied.children().get(0) instanceof Sym;
        return function ? ((Opaque) name).head() : Canonical.of(name);
    }

    private boolean byName(List<MathNode> gold, List<MathNode> given) {
        if (gold.size() != given.size()) return false;
        for (MathNode wanted : gold) {
            String name = name(wanted);
            MathNode found = null;
            for (MathNode candidate : given) if (name(candidate).equals(name)) found = candidate;
            if (found == null || comparer.same(wanted, found) == null) return false;
        }
        return true;
    }

    boolean inOrder(List<MathNode> gold, List<MathNode> given) {
        if (gold.size() != given.size()) return false;
        for (int i = 0; i < gold.size(); i++) if (comparer.same(gold.get(i), given.get(i)) == null) return false;
        return true;
    }

    private boolean inAnyOrder(List<MathNode> gold, List<MathNode> given) {
        if (gold.size() != given.size()) return false;
        List<MathNode> left = new ArrayList<>(given);
        for (MathNode wanted : gold) if (!left.removeIf(once(wanted))) return false;
        return true;
    }

    /** True for the first element that equals the wanted one, and for no other. */
    private java.util.function.Predicate<MathNode> once(MathNode wanted) {
        boolean[] done = new boolean[1];
        return candidate -> {
            if (done[0]) return false;
            done[0] = comparer.same(wanted, candidate) != null;
            return done[0];
        };
    }

    private List<MathNode> distinct(List<MathNode> elements) {
        List<MathNode> kept = new ArrayList<>();
        for (MathNode element : elements)
            if (kept.stream().noneMatch(other -> comparer.same(other, element) != null)) kept.add(element);
        return kept;
    }
}
