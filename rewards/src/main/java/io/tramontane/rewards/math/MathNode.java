package io.tramontane.rewards.math;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The syntax tree of an answer. Nothing is evaluated while parsing. Expressions fold into any {@link Arithmetic};
 * everything else (relations, collections, words) folds into canonical text only.
 */
sealed interface MathNode {
    <T> T in(Arithmetic<T> arithmetic);

    default List<MathNode> children() {
        return List.of();
    }

    /** The same node over other children. */
    default MathNode with(List<MathNode> children) {
        return this;
    }

    /** How many nodes the tree has when it is written out. */
    default int size() {
        int size = 1;
        for (MathNode child : children()) size += child.size();
        return size;
    }

    /** Rebuilds the tree from the leaves up. */
    default MathNode map(UnaryOperator<MathNode> change) {
        List<MathNode> changed = new ArrayList<>();
        for (MathNode child : children()) changed.add(child.map(change));
        return change.apply(changed.isEmpty() ? this : with(changed));
    }

    default <T> List<T> childrenIn(Arithmetic<T> arithmetic) {
        List<T> values = new ArrayList<>();
        for (MathNode child : children()) values.add(child.in(arithmetic));
        return values;
    }

    /**
     * A number as written.
     *
     * @param places digits behind the point; -1 for a whole number, and -2 where the value is exact however it is
     *     written (repeating decimals, numbers in other bases)
     * @param digits significant digits written
     */
    record Num(Rational value, int places, int digits) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.number(value);
        }
    }

    /** A variable, with its subscript and primes in its name, or a constant: pi, e, i, infty. */
    record Sym(String name) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.symbol(name);
        }
    }

    /** Words in the place of mathematics. */
    record Words(String text) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("words " + text, List.of());
        }
    }

    record Sum(List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.sum(childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Sum(changed);
        }
    }

    record Product(List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.product(childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Product(changed);
        }
    }

    record Negate(MathNode inner) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.negate(inner.in(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(inner);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Negate(changed.get(0));
        }
    }

    /** {@code plus or minus inner}; {@code upper} is the sign that it has where every {@code \pm} is a plus. */
    record PlusMinus(MathNode inner, boolean upper) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other(upper ? "pm" : "mp", childrenIn(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(inner);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new PlusMinus(changed.get(0), upper);
        }
    }

    record Quotient(MathNode top, MathNode bottom) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.quotient(top.in(arithmetic), bottom.in(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(top, bottom);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Quotient(changed.get(0), changed.get(1));
        }
    }

    record Power(MathNode base, MathNode exponent) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.power(base.in(arithmetic), exponent.in(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(base, exponent);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Power(changed.get(0), changed.get(1));
        }
    }

    /** A function that {@link Functions} knows, on its arguments. */
    record Call(String function, List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.call(function, childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Call(function, changed);
        }
    }

    /** f(x), a sum sign, an integral: only equal to itself, which makes it a variable of its own. */
    record Opaque(String head, List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.symbol(Canonical.of(this));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Opaque(head, changed);
        }
    }

    record Percent(MathNode inner) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.quotient(inner.in(arithmetic), arithmetic.number(Rational.of(100)));
        }

        @Override
        public List<MathNode> children() {
            return List.of(inner);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Percent(changed.get(0));
        }
    }

    /** Degrees; as a number, radians. */
    record Degrees(MathNode inner) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            T factor = arithmetic.quotient(arithmetic.symbol("pi"), arithmetic.number(Rational.of(180)));
            return arithmetic.product(List.of(inner.in(arithmetic), factor));
        }

        @Override
        public List<MathNode> children() {
            return List.of(inner);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Degrees(changed.get(0));
        }
    }

    /** A quantity: a number and the words behind it. */
    record Quantity(MathNode inner, String unit) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("unit " + unit, childrenIn(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(inner);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Quantity(changed.get(0), unit);
        }
    }

    /** {@code a : b : c}. */
    record Ratio(List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("ratio", childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Ratio(changed);
        }
    }

    /** A chain: {@code children[k] operators[k] children[k + 1]}; operators are = ~ < <= > >= != in equiv. */
    record Relation(List<MathNode> children, List<String> operators) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("relation " + operators, childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Relation(changed, operators);
        }
    }

    /** How a collection was written, and so whether order and repetition count. */
    enum Shape {
        LIST,
        OR,
        AND,
        GROUPS,
        TUPLE,
        BRACKETS,
        SET
    }

    record Collection(Shape shape, List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other(shape.name(), childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Collection(shape, changed);
        }
    }

    /** Two ends, at least one of them in a square bracket; an open one is written, and kept, as a pair. */
    record Interval(MathNode low, MathNode high, boolean lowClosed, boolean highClosed) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("interval " + lowClosed + highClosed, childrenIn(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(low, high);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Interval(changed.get(0), changed.get(1), lowClosed, highClosed);
        }
    }

    /** Union, intersection or difference: operator is cup, cap or minus. */
    record SetOperation(String operator, MathNode left, MathNode right) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other(operator, childrenIn(arithmetic));
        }

        @Override
        public List<MathNode> children() {
            return List.of(left, right);
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new SetOperation(operator, changed.get(0), changed.get(1));
        }
    }

    /** A matrix or vector, row by row. */
    record Matrix(int columns, List<MathNode> children) implements MathNode {
        @Override
        public <T> T in(Arithmetic<T> arithmetic) {
            return arithmetic.other("matrix " + columns, childrenIn(arithmetic));
        }

        @Override
        public MathNode with(List<MathNode> changed) {
            return new Matrix(columns, changed);
        }

        int rows() {
            return children.size() / columns;
        }
    }
}
