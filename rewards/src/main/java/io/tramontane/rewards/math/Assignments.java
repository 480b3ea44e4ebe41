package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Ratio;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.MathNode.Sym;
import io.tramontane.rewards.math.MathNode.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What an assignment or a chain of equals amounts to, and what it gives a name to. */
final class Assignments {
    private static final Set<String> EQUALS = Set.of("=", "~", "equiv");
    private static final Set<String> NOT_NAMES = Set.of("pi", "e", "i", "infty", "mathbb(R)");

    private Assignments() {}

    /**
     * What a chain of equals amounts to: its last member, behind a name or behind a number. What only approximates it
     * does not count. Equations in variables amount to nothing but themselves (null).
     */
    static MathNode value(Relation relation) {
        List<MathNode> members = relation.children();
        if (!EQUALS.containsAll(relation.operators()) || !Chains.isSound(relation)) return null;
        MathNode last = members.get(members.size() - 1);
        MathNode first = members.get(0);
        int exact = relation.operators().indexOf("~");
        boolean named = isName(first) || isOfMatrix(first) && last instanceof MathNode.Matrix;
        MathNode before = members.get(members.size() - 2);
        boolean namedLate = members.size() > 2 && isName(before);
        if (named || Symbolic.isConstant(last) && (Symbolic.isConstant(before) || namedLate))
            return exact > 0 || exact == 0 && !named ? members.get(exact) : exact == 0 ? members.get(1) : last;
        return members.size() == 2 && isName(last) && exact < 0 ? first : null;
    }

    /** The name that an assignment gives to its value; null when it is none. */
    static MathNode name(MathNode node) {
        if (!(node instanceof Relation relation) || value(relation) == null) return null;
        MathNode first = relation.children().get(0);
        if (isName(first)) return first;
        MathNode last = relation.children().get(relation.children().size() - 1);
        return isName(last) ? last : null;
    }

    /** Letters, f(x), words, a function of a letter, tuples of these, and lengths and ratios of points: |AB|, A:B. */
    private static boolean isName(MathNode node) {
        if (node instanceof Sym symbol) return !NOT_NAMES.contains(symbol.name());
        if (node instanceof Opaque) return true;
        if (node instanceof Words words) return Units.meaning(words.text()) != null;
        if (node instanceof Collection tuple)
            return tuple.shape() == Shape.TUPLE && tuple.children().stream().allMatch(Assignments::isName);
        if (node instanceof Call call
                && call.children().size() == 1
                && !call.function().equals("abs"))
            return isName(call.children().get(0)) && Names.FUNCTIONS.contains(call.function());
        if (node instanceof Ratio ratio && ratio.children().stream().allMatch(Assignments::isName)) return true;
        boolean vectors = node instanceof Product
                && node.children().stream()
                        .allMatch(c -> c instanceof Sym s && s.name().startsWith("vec("));
        return vectors || isOfPoints(node);
    }

    /** {@code A^{-1}}, {@code A^T}. */
    private static boolean isOfMatrix(MathNode node) {
        return node instanceof MathNode.Power power
                && power.base() instanceof Sym letter
                && Character.isUpperCase(letter.name().charAt(0));
    }

    private static boolean isOfPoints(MathNode node) {
        if (node instanceof Sym symbol)
            return Character.isUpperCase(symbol.name().charAt(0));
        boolean carries = node instanceof Product || node instanceof Quotient || node instanceof Ratio;
        boolean length = node instanceof Call call && call.function().equals("abs");
        return (carries || length) && node.children().stream().allMatch(Assignments::isOfPoints);
    }

    /** {@code (x, y) = (1, 2)} as {@code x = 1, y = 2}; anything else as it is. */
    static MathNode spread(MathNode node) {
        boolean tuples = node instanceof Relation relation
                && relation.operators().equals(List.of("="))
                && relation.children().stream().allMatch(c -> c instanceof Collection t && t.shape() == Shape.TUPLE);
        if (!tuples) return node;
        List<MathNode> names = node.children().get(0).children();
        List<MathNode> values = node.children().get(1).children();
        if (names.size() != values.size() || !names.stream().allMatch(Assignments::isName)) return node;
        List<MathNode> assignments = new ArrayList<>();
        for (int i = 0; i < names.size(); i++)
            assignments.add(new Relation(List.of(names.get(i), values.get(i)), List.of("=")));
        return new Collection(Shape.LIST, assignments);
    }

    /** Whether two names cannot stand for the same thing: x and y, f and g; but y may be called f(x). */
    static boolean conflict(MathNode gold, MathNode given) {
        if (gold instanceof Words || given instanceof Words) return false;
        String one = stem(gold);
        String two = stem(given);
        boolean ordinate = one.equals("y") && given instanceof Opaque || two.equals("y") && gold instanceof Opaque;
        return !one.equals(two) && !ordinate;
    }

    /** A name without its subscript and argument. */
    private static String stem(MathNode node) {
        if (node instanceof Opaque applied) return applied.head();
        String name = Canonical.of(node);
        int end = node instanceof Sym ? name.indexOf('_') : -1;
        return end > 0 ? name.substring(0, end) : name;
    }
}
