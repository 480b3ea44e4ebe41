package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Degrees;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Percent;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quantity;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Ratio;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.Sym;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Chains of equals with their approximations: which cannot be meant as one value, which decimals belong to a value, and
 * all that a chain in the reference allows. A slip of arithmetic ({@code 7+30=38}) is no contradiction; {@code 3=5} is.
 */
final class Chains {
    private static final Set<String> KNOWN_WORDS = Set.of("infty", "ell", "hbar", "partial", "nabla");

    private Chains() {}

    /**
     * Whether the members can be one value: not only plain numbers that differ, no name that is explained by itself, and
     * nothing but expressions on the way from the first to the last.
     */
    static boolean isSound(Relation relation) {
        List<MathNode> members = relation.children();
        int last = members.size() - 1;
        if (members.get(0) instanceof Sym head && isNamedAgain(head, members)) return false;
        boolean toExpression = Relations.isExpression(members.get(last));
        for (int i = 1; toExpression && i < last; i++) if (!isStep(members.get(i))) return false;
        long names = members.stream().filter(member -> member instanceof Sym).count();
        long numbers = members.stream().filter(member -> plain(member) != null).count();
        return names > 1 || names + numbers < members.size() || areOneNumber(relation);
    }

    private static boolean areOneNumber(Relation relation) {
        Rational before = null;
        for (int i = 0; i < relation.children().size(); i++) {
            MathNode member = relation.children().get(i);
            Rational number = plain(member);
            boolean exact = i == 0 || !relation.operators().get(i - 1).equals("~");
            if (number != null && before != null && exact && !mayRound(before, number, member)) return false;
            if (number != null) before = number;
        }
        return true;
    }

    /**
     * What follows from something else counts alone ({@code 2x = 10 \Rightarrow x = 5}), but {@code x = 3 \Rightarrow
     * x = 5} is two answers.
     */
    static void requireNoOtherValue(List<MathNode> members, List<String> signs, MathNode last) {
        MathNode value = last instanceof Relation relation ? Assignments.value(relation) : last;
        int from = 0;
        for (int i = 0; i < signs.size(); i++) {
            if (!signs.get(i).equals("=>")) continue;
            boolean relation = i - from == 1 && signs.get(from).equals("=");
            Relation before = relation ? new Relation(members.subList(from, i + 1), List.of("=")) : null;
            boolean named = relation && Assignments.name(before) != null;
            if (named
                    && value != null
                    && Symbolic.isConstant(Assignments.value(before))
                    && Symbolic.isConstant(value)
                    && !Canonical.of(Assignments.value(before)).equals(Canonical.of(value)))
                throw new UndecidableException("one value after another");
            from = i + 1;
        }
    }

    private static boolean isNamedAgain(Sym head, List<MathNode> members) {
        if (Symbolic.isConstant(head)) return false;
        return members.stream().skip(1).anyMatch(member -> Symbolic.variables(member)
                .contains(head.name()));
    }

    /** An expression or a ratio of numbers, without unknown commands: an arrow is no factor. */
    private static boolean isStep(MathNode node) {
        if (node instanceof Ratio) return Symbolic.isConstant(node);
        if (!Relations.isExpression(node)) return false;
        return !(node instanceof Product)
                || !Symbolic.contains(node, inner -> inner instanceof Sym symbol && isUnknownCommand(symbol.name()));
    }

    private static boolean isUnknownCommand(String name) {
        return name.length() > 1
                && !Names.GREEK.contains(name)
                && !KNOWN_WORDS.contains(name)
                && name.chars().allMatch(Character::isLetter);
    }

    /** The value of what is written as one number, with a sign or as a fraction; null for anything else. */
    private static Rational plain(MathNode node) {
        if (node instanceof Num num) return num.value();
        if (node instanceof Negate negate && plain(negate.inner()) != null)
            return plain(negate.inner()).negated();
        if (node instanceof Percent percent && plain(percent.inner()) != null)
            return plain(percent.inner()).dividedBy(Rational.of(100));
        boolean fraction = node instanceof Quotient q && q.top() instanceof Num && q.bottom() instanceof Num;
        if (!fraction) return null;
        Rational bottom = plain(((Quotient) node).bottom());
        return bottom.signum() == 0 ? null : plain(((Quotient) node).top()).dividedBy(bottom);
    }

    private static boolean mayRound(Rational exact, Rational number, MathNode written) {
        if (exact.equals(number)) return true;
        MathNode decimal = written instanceof Negate negate ? negate.inner() : written;
        return decimal instanceof Num num
                && num.places() > 0
                && isRounding(Value.of(exact), Value.of(number), unit(num));
    }

    /** Whether no approximation in the chain contradicts what it approximates. */
    static boolean approximatesWell(Relation relation, Budget budget) {
        int sign = relation.operators().indexOf("~");
        if (sign < 0) return true;
        MathNode exact = relation.children().get(sign);
        for (MathNode member :
                relation.children().subList(sign + 1, relation.children().size()))
            if (!belongTogether(exact, member, budget)) return false;
        return true;
    }

    /** Whether the right side may be an approximation of the left one; true where one has no value. */
    private static boolean belongTogether(MathNode exact, MathNode member, Budget budget) {
        MathNode decimal = withoutUnit(member);
        MathNode bare = withoutUnit(exact);
        if (member instanceof Quantity one
                && exact instanceof Quantity two
                && !one.unit().equals(two.unit())) return true;
        Value wanted = NumericEvaluator.constant(bare, budget);
        Value found = NumericEvaluator.constant(decimal, budget);
        if (wanted == null || found == null || !wanted.isReal() || !found.isReal()) return true;
        if (wanted.same(found)) return true;
        Value unit = unit(decimal);
        if (unit == null) unit = Powers.length(wanted).dividedBy(Value.of(50));
        return isRounding(wanted, found, unit);
    }

    /** Rounded at a place worth {@code unit}, or cut there. */
    private static boolean isRounding(Value exact, Value decimal, Value unit) {
        Value distance = Powers.length(exact.minus(decimal));
        if (distance.compare(unit.dividedBy(Value.of(2))) <= 0) return true;
        boolean inside = exact.isNegative() == decimal.isNegative()
                && Powers.length(decimal).compare(Powers.length(exact)) < 0;
        return inside && distance.compare(unit) < 0;
    }

    /** What the last written place of a decimal is worth; null for what is no decimal. */
    private static Value unit(MathNode decimal) {
        if (decimal instanceof Negate negate) return unit(negate.inner());
        if (decimal instanceof Percent percent) return scaled(percent.inner(), Value.of(Rational.of(1, 100)));
        if (decimal instanceof Degrees degrees) return scaled(degrees.inner(), Powers.PI.dividedBy(Value.of(180)));
        if (decimal instanceof Product product
                && product.children().size() == 2
                && product.children().get(1) instanceof Power power
                && power.base() instanceof Num base
                && base.value().equals(Rational.of(10))) {
            Value ten = NumericEvaluator.constant(power, new Budget());
            return ten == null ? null : scaled(product.children().get(0), ten);
        }
        if (!(decimal instanceof Num num)) return null;
        if (num.places() >= 0) return Value.of(Rational.of(BigInteger.ONE, BigInteger.TEN.pow(num.places())));
        if (num.places() < -1 || !num.value().isWhole()) return null;
        String digits = num.value().numerator().toString();
        int zeros = digits.length() - digits.replaceAll("0+$", "").length();
        return Value.of(Rational.of(BigInteger.TEN.pow(num.value().signum() == 0 ? 0 : zeros)));
    }

    private static Value scaled(MathNode decimal, Value factor) {
        Value unit = unit(decimal);
        return unit == null ? null : unit.times(factor);
    }

    /**
     * All that a reference allows which gives its value and an approximation of it: {@code x = \ln 5 \approx 1.609} is
     * ln 5 and 1.609. A unit at the end is the unit of all. The first is what {@link Assignments#value} says.
     */
    static List<MathNode> allowed(Relation gold, MathNode value, Budget budget) {
        List<MathNode> members = gold.children();
        MathNode last = members.get(members.size() - 1);
        String unit = last instanceof Quantity quantity ? quantity.unit() : null;
        List<MathNode> allowed = new ArrayList<>();
        allowed.add(withUnit(value, unit));
        int sign = gold.operators().indexOf("~");
        for (int i = 0; i < members.size(); i++) {
            MathNode member = members.get(i);
            boolean approximate = sign >= 0 && i > sign;
            boolean exact = !approximate && member != value && last != member && isExactOf(member, last, budget);
            if (member != value && (approximate || exact)) allowed.add(withUnit(member, unit));
        }
        return allowed;
    }

    /** {@code 2\sqrt2} in {@code 2\sqrt2 = 2.83}. */
    private static boolean isExactOf(MathNode member, MathNode last, Budget budget) {
        MathNode decimal = withoutUnit(last);
        return decimal instanceof Num num
                && num.places() > 0
                && Relations.isExpression(member)
                && Symbolic.isConstant(member)
                && belongTogether(member, decimal, budget);
    }

    /** Whether the second is a decimal or a percentage that stands for the first number. */
    static boolean isDecimalOf(MathNode exact, MathNode decimal, Budget budget) {
        MathNode number = withoutUnit(decimal);
        boolean written = places(number) > 0 || number instanceof Percent percent && places(percent.inner()) >= -1;
        MathNode bare = withoutUnit(exact);
        return written
                && Relations.isExpression(bare)
                && Symbolic.isConstant(bare)
                && NumericEvaluator.constant(bare, budget) != null
                && belongTogether(bare, number, budget);
    }

    private static MathNode withUnit(MathNode node, String unit) {
        return unit == null || node instanceof Quantity ? node : new Quantity(node, unit);
    }

    /** Whether the answer is a decimal of the exact value, with as many places as the reference's own or more. */
    static boolean isFinerDecimal(MathNode exact, MathNode decimal, MathNode given, Budget budget) {
        int places = places(withoutUnit(decimal));
        return places >= 0
                && places(given) >= places
                && NumericEvaluator.constant(withoutUnit(exact), budget) != null
                && belongTogether(exact, given, budget);
    }

    static MathNode withoutUnit(MathNode node) {
        return node instanceof Quantity quantity ? quantity.inner() : node;
    }

    private static int places(MathNode node) {
        MathNode number = node instanceof Negate negate ? negate.inner() : node;
        return number instanceof Num num ? num.places() : -1;
    }
}
