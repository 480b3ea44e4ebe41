package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Sum;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares expressions by how they are written, term by term: {@code a a + 2ab} is {@code a^2 + ab + ba}, but {@code
 * (a+b)^2} is not {@code a^2 + 2ab + b^2}, for brackets are not multiplied out. This is what the sides of an identity
 * are compared by, since by their values all identities would be the same.
 */
final class Monomials {
    private static final int MAX_EXPONENT = 1000;

    private Monomials() {}

    static boolean same(MathNode one, MathNode two) {
        return terms(one).equals(terms(two));
    }

    /** Coefficient by monomial. */
    private static Map<String, Rational> terms(MathNode node) {
        Map<String, Rational> terms = new TreeMap<>();
        add(node, Rational.ONE, terms);
        terms.values().removeIf(coefficient -> coefficient.signum() == 0);
        return terms;
    }

    private static void add(MathNode node, Rational factor, Map<String, Rational> terms) {
        if (node instanceof Sum) for (MathNode term : node.children()) add(term, factor, terms);
        else if (node instanceof Negate negate) add(negate.inner(), factor.negated(), terms);
        else {
            Map<String, Integer> powers = new TreeMap<>();
            Rational coefficient = factor.times(multiply(node, 1, powers));
            powers.values().removeIf(exponent -> exponent == 0);
            terms.merge(powers.toString(), coefficient, Rational::plus);
        }
    }

    /** Adds the exponents of the factors to {@code powers}; the number in front is returned. */
    private static Rational multiply(MathNode node, int exponent, Map<String, Integer> powers) {
        if (node instanceof Num num && num.value().signum() != 0)
            return num.value().power(BigInteger.valueOf(exponent));
        if (node instanceof Negate negate) {
            Rational inner = multiply(negate.inner(), exponent, powers);
            return exponent % 2 == 0 ? inner : inner.negated();
        }
        if (node instanceof Product) return all(node.children(), exponent, powers);
        if (node instanceof Quotient quotient)
            return multiply(quotient.top(), exponent, powers).times(multiply(quotient.bottom(), -exponent, powers));
        int times = node instanceof Power power ? whole(power.exponent()) : 0;
        boolean raised = times != 0 && Math.abs(times * (long) exponent) <= MAX_EXPONENT;
        if (raised) return multiply(((Power) node).base(), exponent * times, powers);
        powers.merge(Canonical.of(node), exponent, Integer::sum);
        return Rational.ONE;
    }

    private static Rational all(List<MathNode> factors, int exponent, Map<String, Integer> powers) {
        Rational product = Rational.ONE;
        for (MathNode factor : factors) product = product.times(multiply(factor, exponent, powers));
        return product;
    }

    /** A small whole number; 0 for anything else. */
    private static int whole(MathNode node) {
        boolean small = node instanceof Num num
                && num.value().isWhole()
                && num.value().numerator().bitLength() < 10;
        return small ? ((Num) node).value().numerator().intValue() : 0;
    }
}
