package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Interval;
import io.tramontane.rewards.math.MathNode.Matrix;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.MathNode.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Multiplies out what is written with matrices, as far as sums, products and scalar factors go. */
final class Matrices {
    private static final int MAX_CELLS = 100;
    /** Nodes of a product: each factor doubles them. */
    private static final int MAX_NODES = 4000;

    /** Columns of a determinant that is expanded: each cell is written at most 24 times. */
    static final int MAX_DETERMINANT = 4;

    private Matrices() {}

    /** The matrix that the node amounts to; the node itself when it has nothing to do with matrices. */
    static MathNode evaluated(MathNode node) {
        if (rows(node) != null) return rows(node);
        if (!Symbolic.contains(node, inner -> inner instanceof Matrix)) return node;
        if (node instanceof Negate negate && evaluated(negate.inner()) instanceof Matrix matrix)
            return each(matrix, Negate::new);
        if (node instanceof Quotient quotient && evaluated(quotient.top()) instanceof Matrix matrix)
            return each(matrix, cell -> new Quotient(cell, quotient.bottom()));
        if (node instanceof Sum || node instanceof Product) return folded(node);
        return node;
    }

    private static MathNode folded(MathNode node) {
        MathNode total = evaluated(node.children().get(0));
        for (MathNode next : node.children().subList(1, node.children().size())) {
            MathNode right = evaluated(next);
            total = node instanceof Sum ? sum(total, right) : product(total, right);
            if (total == null) return node;
        }
        return total;
    }

    private static MathNode sum(MathNode left, MathNode right) {
        if (!(left instanceof Matrix a) || !(right instanceof Matrix b)) return null;
        if (a.columns() != b.columns() || a.rows() != b.rows()) return null;
        List<MathNode> cells = new ArrayList<>();
        for (int i = 0; i < a.children().size(); i++)
            cells.add(new Sum(List.of(a.children().get(i), b.children().get(i))));
        return new Matrix(a.columns(), cells);
    }

    private static MathNode product(MathNode left, MathNode right) {
        if (left instanceof Matrix a && right instanceof Matrix b) return product(a, b);
        if (left instanceof Matrix a) return each(a, cell -> new Product(List.of(cell, right)));
        if (right instanceof Matrix b) return each(b, cell -> new Product(List.of(left, cell)));
        return new Product(List.of(left, right));
    }

    private static MathNode product(Matrix a, Matrix b) {
        if (a.columns() != b.rows() || a.rows() * b.columns() > MAX_CELLS) return null;
        if ((long) a.size() * b.columns() + (long) b.size() * a.rows() > MAX_NODES) return null;
        List<MathNode> cells = new ArrayList<>();
        for (int row = 0; row < a.rows(); row++)
            for (int column = 0; column < b.columns(); column++) {
                List<MathNode> terms = new ArrayList<>();
                for (int k = 0; k < a.columns(); k++)
                    terms.add(new Product(List.of(
                            a.children().get(row * a.columns() + k),
                            b.children().get(k * b.columns() + column))));
                cells.add(new Sum(terms));
            }
        return new Matrix(b.columns(), cells);
    }

    /** Expanded along the first row; the matrix between bars where it is not square. */
    static MathNode determinant(Matrix matrix) {
        int size = matrix.columns();
        if (size != matrix.rows()) return new MathNode.Opaque("det", List.of(matrix));
        if (size == 1) return matrix.children().get(0);
        List<MathNode> terms = new ArrayList<>();
        for (int column = 0; column < size; column++) {
            List<MathNode> rest = new ArrayList<>();
            for (int i = size; i < size * size; i++)
                if (i % size != column) rest.add(matrix.children().get(i));
            MathNode minor = determinant(new Matrix(size - 1, rest));
            MathNode term = new Product(List.of(matrix.children().get(column), minor));
            terms.add(column % 2 == 0 ? term : new Negate(term));
        }
        return new Sum(terms);
    }

    private static Matrix each(Matrix matrix, UnaryOperator<MathNode> change) {
        return new Matrix(
                matrix.columns(), matrix.children().stream().map(change).toList());
    }

    /** {@code [[1, 2], [3, 4]]} as a matrix; null for anything else. */
    private static Matrix rows(MathNode node) {
        List<MathNode> rows = bracketed(node);
        if (rows == null) return null;
        List<MathNode> cells = new ArrayList<>();
        int columns = 0;
        for (MathNode row : rows) {
            List<MathNode> cellsOfRow = bracketed(row);
            if (cellsOfRow == null || columns > 0 && cellsOfRow.size() != columns) return null;
            columns = cellsOfRow.size();
            cells.addAll(cellsOfRow);
        }
        return new Matrix(columns, cells);
    }

    private static List<MathNode> bracketed(MathNode node) {
        if (node instanceof Interval i && i.lowClosed() && i.highClosed()) return i.children();
        return node instanceof Collection c && c.shape() == Shape.BRACKETS ? c.children() : null;
    }

    /** The numbers of a column vector, which may also be written as a tuple; null for other matrices. */
    static MathNode asTuple(Matrix matrix) {
        return matrix.columns() == 1 && matrix.rows() > 1 ? new Collection(Shape.TUPLE, matrix.children()) : null;
    }
}
