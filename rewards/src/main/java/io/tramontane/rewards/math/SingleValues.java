package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Degrees;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Percent;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quantity;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Compares single values: exactly, then with 80 digits, then by sampling; with percent, degrees and units. */
final class SingleValues {
    /** A decimal stands for the number that it is cut or rounded from when it has this many places and digits. */
    private static final int ROUNDED_PLACES = 6;

    /** Units of one letter each: m, m/s, m/s^2. */
    private static final Pattern BARE_UNIT = Pattern.compile("[A-Za-z](?:\\^[1-9])?(?: ?/ ?[A-Za-z](?:\\^[1-9])?)?");

    private final Budget budget;

    SingleValues(Budget budget) {
        this.budget = budget;
    }

    /** The rule by which two values are the same; null when none says so. */
    String same(MathNode gold, MathNode given) {
        if (gold instanceof Quantity || given instanceof Quantity) return quantities(gold, given);
        if (gold instanceof Percent || given instanceof Percent) return percent(gold, given);
        boolean degrees = hasDegrees(gold);
        if (degrees != hasDegrees(given)) {
            boolean plain = values(withoutDegrees(gold), withoutDegrees(given)) != null;
            return plain || values(gold, given) != null ? "degrees" : null;
        }
        return values(gold, given);
    }

    /** Whether both are numbers, and the same one without any convention: 50 percent is a half, and not 50. */
    boolean isSameNumber(MathNode one, MathNode two) {
        if (!isNumber(one) || !isNumber(two)) return false;
        Value first = NumericEvaluator.constant(one, budget);
        Value second = NumericEvaluator.constant(two, budget);
        return first != null && second != null && first.same(second);
    }

    /** Whether both are numbers, and for sure not the same one. */
    boolean areDifferentNumbers(MathNode one, MathNode two) {
        if (!isNumber(one) || !isNumber(two)) return false;
        Value first = NumericEvaluator.constant(one, budget);
        Value second = NumericEvaluator.constant(two, budget);
        return first != null && second != null && first.differs(second);
    }

    private static boolean isNumber(MathNode node) {
        return Relations.isExpression(node) && Symbolic.isConstant(node) && !hasDegrees(node);
    }

    private static boolean hasDegrees(MathNode node) {
        if (node instanceof Call) return false;
        return node instanceof Degrees || node.children().stream().anyMatch(SingleValues::hasDegrees);
    }

    private static MathNode withoutDegrees(MathNode node) {
        if (node instanceof Degrees degrees) return degrees.inner();
        if (node instanceof Call || node.children().isEmpty()) return node;
        List<MathNode> children = new ArrayList<>();
        for (MathNode child : node.children()) children.add(withoutDegrees(child));
        return node.with(children);
    }

    /** As written, or as the share that the sign means. A bare reference up to 1 is always taken for a share. */
    private String percent(MathNode gold, MathNode given) {
        if (gold instanceof Percent g && given instanceof Percent p) return values(g.inner(), p.inner());
        MathNode asWritten = gold instanceof Percent g ? g.inner() : gold;
        MathNode written = given instanceof Percent p ? p.inner() : given;
        boolean mayBeBare = gold instanceof Percent || isAboveOne(gold);
        boolean equal = mayBeBare && values(asWritten, written) != null || values(gold, given) != null;
        return equal ? "percent" : null;
    }

    private boolean isAboveOne(MathNode node) {
        Value value = NumericEvaluator.constant(node, budget);
        return value != null && value.isReal() && value.compare(Value.of(1)) > 0;
    }

    private String quantities(MathNode gold, MathNode given) {
        String goldUnit = gold instanceof Quantity quantity ? quantity.unit() : "";
        String givenUnit = given instanceof Quantity quantity ? quantity.unit() : "";
        MathNode wanted = gold instanceof Quantity quantity ? quantity.inner() : gold;
        MathNode found = given instanceof Quantity quantity ? quantity.inner() : given;
        if (goldUnit.startsWith("mod ") || givenUnit.startsWith("mod "))
            return congruent(wanted, goldUnit, found, givenUnit);
        if (isTemperature(goldUnit) && givenUnit.isEmpty()) found = withoutDegrees(found);
        if (wanted instanceof Percent != found instanceof Percent || hasDegrees(wanted) != hasDegrees(found))
            return null;
        if (goldUnit.equals(givenUnit)) return same(wanted, found);
        if (givenUnit.isEmpty() && isWithBareUnit(wanted, goldUnit, found)) return "unit";
        if (goldUnit.isEmpty() && isWithBareUnit(found, givenUnit, wanted)) return "unit";
        Units.Meaning first = Units.meaning(goldUnit);
        Units.Meaning second = Units.meaning(givenUnit);
        if (first == null || second == null) return null;
        boolean bothMeasured =
                !first.dimension().isEmpty() && !second.dimension().isEmpty();
        if (bothMeasured && !first.dimension().equals(second.dimension())) return null;
        boolean bothNamed = !first.words().isEmpty() && !second.words().isEmpty();
        boolean related =
                first.words().containsAll(second.words()) || second.words().containsAll(first.words());
        if (bothNamed && !related) return null;
        boolean mixed = !goldUnit.isEmpty()
                && !givenUnit.isEmpty()
                && first.dimension().isEmpty() != second.dimension().isEmpty();
        if (mixed
                && !(first.words().isEmpty() && first.dimension().isEmpty())
                && !(second.words().isEmpty() && second.dimension().isEmpty())) return null;
        MathNode left = scaled(wanted, bothMeasured ? first.scale().times(first.factor()) : first.scale());
        MathNode right = scaled(found, bothMeasured ? second.scale().times(second.factor()) : second.scale());
        return same(left, right) != null ? "unit" : null;
    }

    private static boolean isTemperature(String unit) {
        return unit.endsWith("celsius") || unit.endsWith("fahrenheit");
    }

    /** {@code 5 m} for {@code 5\text{ m}}: only where one side names the unit, a letter on the other is no variable. */
    private boolean isWithBareUnit(MathNode number, String unit, MathNode other) {
        if (!BARE_UNIT.matcher(unit).matches() || Symbolic.isConstant(other) || !Symbolic.isConstant(number))
            return false;
        MathNode product = new Product(List.of(number, AnswerParser.read(unit, CommaRules.USUAL)));
        return values(product, other) != null;
    }

    private static MathNode scaled(MathNode node, Rational factor) {
        if (factor.equals(Rational.ONE)) return node;
        return new Product(List.of(node, new Num(factor, -2, 1)));
    }

    /** With two equal moduli the difference counts; with one, the number as written, or what the reference leaves. */
    private String congruent(MathNode gold, String goldModulus, MathNode given, String givenModulus) {
        boolean one = goldModulus.isEmpty() || givenModulus.isEmpty();
        if (one && !(Symbolic.isConstant(gold) && Symbolic.isConstant(given))) return null;
        if (one && same(gold, given) != null) return "congruence";
        if (givenModulus.isEmpty() ? !isRemainder(given, goldModulus) : !goldModulus.equals(givenModulus)) return null;
        String modulus = goldModulus.substring("mod ".length());
        Value a = NumericEvaluator.constant(gold, budget);
        Value b = NumericEvaluator.constant(given, budget);
        boolean whole = a != null && b != null && a.isWhole() && b.isWhole() && modulus.matches("[1-9][0-9]{0,30}");
        if (!whole) return same(gold, given) != null ? "congruence" : null;
        BigInteger difference = a.whole().subtract(b.whole());
        return difference.mod(new BigInteger(modulus)).signum() == 0 ? "congruence" : null;
    }

    /** Whether the number is one of 0 to modulus - 1: what {@code 17 \mod 5} leaves is 2, and not 12. */
    private boolean isRemainder(MathNode given, String modulus) {
        Value value = NumericEvaluator.constant(given, budget);
        String digits = modulus.substring("mod ".length());
        return value != null
                && value.isWhole()
                && value.whole().signum() >= 0
                && digits.matches("[1-9][0-9]{0,30}")
                && value.whole().compareTo(new BigInteger(digits)) < 0;
    }

    private String values(MathNode gold, MathNode given) {
        budget.spend(5);
        if (Canonical.of(gold).equals(Canonical.of(given))) return "structure";
        if (!Relations.isExpression(gold) || !Relations.isExpression(given)) return null;
        boolean constant = Symbolic.isConstant(gold) && Symbolic.isConstant(given);
        try {
            if (!constant) return Identity.same(gold, given, budget) ? "identity" : null;
        } catch (UndecidableException undecidable) {
            return null;
        }
        Value wanted = NumericEvaluator.constant(gold, budget);
        Value found = NumericEvaluator.constant(given, budget);
        if (wanted == null || found == null) return null;
        if (wanted.same(found)) return wanted.isExact() && found.isExact() ? "rational" : "numeric";
        return isRounded(given, wanted) || isRounded(gold, found) ? "rounded" : null;
    }

    /**
     * Whether the decimal is the value, cut or rounded at its last place. Only decimals of six places and digits count,
     * and only where the value could not be written with as many places: 0.999999 is not 1.
     */
    private static boolean isRounded(MathNode decimal, Value value) {
        boolean negative = decimal instanceof Negate;
        MathNode written = negative ? decimal.children().get(0) : decimal;
        if (!(written instanceof Num num) || num.places() < ROUNDED_PLACES || num.digits() < ROUNDED_PLACES)
            return false;
        if (!value.isReal()) return false;
        Rational unit = Rational.of(BigInteger.ONE, BigInteger.TEN.pow(num.places()));
        Value positive = negative ? value.negated() : value;
        if (positive.isExact() && positive.exact().dividedBy(unit).isWhole()) return false;
        Value excess = positive.minus(Value.of(num.value()));
        boolean below = excess.compare(Value.of(unit)) < 0;
        return below && excess.compare(Value.of(unit.times(Rational.of(-1, 2)))) >= 0;
    }

    /** Whether a decimal on the right of an approximation sign is rounded from what stands on its left. */
    boolean isApproximation(MathNode decimal, MathNode exact) {
        if (!(decimal instanceof Num num) || num.places() < 0) return false;
        Value value = NumericEvaluator.constant(exact, budget);
        if (value == null || !value.isReal()) return false;
        Rational half = Rational.of(BigInteger.ONE, BigInteger.TWO.multiply(BigInteger.TEN.pow(num.places())));
        Value distance = Powers.length(value.minus(Value.of(num.value())).approximate());
        return distance.isZero() || distance.compare(Value.of(half)) <= 0;
    }
}
