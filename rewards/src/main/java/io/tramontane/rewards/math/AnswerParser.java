package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Interval;
import io.tramontane.rewards.math.MathNode.Matrix;
import io.tramontane.rewards.math.MathNode.Shape;
import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads whole answers: lists of relations, and what stands in brackets. The tree says how it was written; what it means
 * is decided when two are compared.
 */
final class AnswerParser {
    private static final Set<String> CONDITION_WORDS = Set.of("if", "for", "when", "where", "if,", ", if");

    private final Cursor cursor;
    private final ItemParser items;

    private AnswerParser(List<Token> tokens) {
        this.cursor = new Cursor(tokens);
        this.items = new ItemParser(cursor, new ExpressionParser(cursor, this));
    }

    static MathNode read(String cleaned, CommaRules commas) {
        AnswerParser parser = new AnswerParser(Scripts.ordered(Lexer.read(cleaned, commas)));
        MathNode node = parser.list();
        if (parser.cursor.peek().kind() != Kind.END) throw parser.cursor.unexpected();
        return node;
    }

    /** Items between semicolons, commas, "and" and "or". One item alone is itself. */
    MathNode list() {
        cursor.enter();
        List<MathNode> groups = new ArrayList<>();
        groups.add(commas());
        while (cursor.accept(";")) if (!ends()) groups.add(commas());
        cursor.leave();
        if (groups.size() == 1) return groups.get(0);
        boolean nested = groups.stream().anyMatch(group -> group instanceof Collection c && c.shape() == Shape.LIST);
        return new Collection(nested ? Shape.GROUPS : Shape.LIST, List.copyOf(groups));
    }

    private MathNode commas() {
        List<MathNode> found = new ArrayList<>();
        Shape shape = Shape.LIST;
        found.add(items.item());
        while (true) {
            boolean comma = cursor.accept(",");
            if (cursor.peek().is("and")
                    || cursor.peek().is("or")
                    || cursor.peek().is("&&")) {
                Shape connector = cursor.next().is("or") ? Shape.OR : Shape.AND;
                shape = found.size() == 1 || shape == connector || shape == Shape.LIST ? connector : Shape.LIST;
            } else if (!comma) break;
            if (comma && ends()) break;
            found.add(items.item());
        }
        return found.size() == 1 ? found.get(0) : new Collection(shape, List.copyOf(found));
    }

    private boolean ends() {
        Token token = cursor.peek();
        return token.kind() == Kind.END
                || token.is(")")
                || token.is("]")
                || token.is("}")
                || token.is("\\}")
                || token.is("&")
                || token.is("\\\\");
    }

    /** Parentheses, square brackets and set braces, also mixed as in {@code [0,1)} and {@code ]0,1[}. */
    MathNode bracketed() {
        cursor.enter();
        String opening = cursor.next().text();
        if (cursor.peek().is(")") || cursor.peek().is("\\}")) {
            boolean set = opening.equals("\\{") && cursor.next().is("\\}");
            if (!set) throw new UndecidableException("empty parentheses");
            cursor.leave();
            return new Collection(Shape.SET, List.of());
        }
        MathNode node = opening.equals("\\{") ? set() : round(opening);
        cursor.leave();
        return node;
    }

    private MathNode round(String opening) {
        boolean square = !opening.equals("(");
        cursor.squares(square ? 1 : 0);
        MathNode inner = list();
        cursor.squares(square ? -1 : 0);
        String closing = cursor.next().text();
        if (!closing.equals(")") && !closing.equals("]") && !(square && closing.equals("[")))
            throw new UndecidableException("brackets that do not close");
        List<MathNode> parts = parts(inner);
        boolean round = opening.equals("(") && closing.equals(")");
        if (parts.size() == 1) {
            if (!round && !(opening.equals("[") && closing.equals("]")))
                throw new UndecidableException("an interval with one end");
            return parts.get(0);
        }
        boolean assignments = parts.stream().allMatch(part -> Assignments.name(part) != null);
        if (assignments && (round || closing.equals("]"))) return new Collection(Shape.LIST, parts);
        if (round) return new Collection(Shape.TUPLE, parts);
        if (parts.size() != 2) {
            if (!opening.equals("[") || !closing.equals("]")) throw new UndecidableException("mixed brackets");
            return new Collection(Shape.BRACKETS, parts);
        }
        boolean highClosed = closing.equals("]");
        return new Interval(parts.get(0), parts.get(1), opening.equals("["), highClosed);
    }

    /** The elements of a list without connecting words; anything else is one element. */
    private static List<MathNode> parts(MathNode inner) {
        return inner instanceof Collection list && list.shape() == Shape.LIST ? list.children() : List.of(inner);
    }

    private MathNode set() {
        cursor.builders(1);
        MathNode inner = list();
        if (cursor.accept("|") || cursor.accept(":") || cursor.peek().isName("mid")) {
            if (cursor.peek().isName("mid")) cursor.next();
            inner = condition(inner);
        } else
            inner = new Collection(
                    Shape.SET, inner instanceof Collection c && isOpen(c) ? c.children() : List.of(inner));
        cursor.expect("\\}");
        cursor.builders(-1);
        return inner;
    }

    private static boolean isOpen(Collection collection) {
        return collection.shape() == Shape.LIST
                || collection.shape() == Shape.AND
                || collection.shape() == Shape.GROUPS;
    }

    /** {@code {x | x > 2}} means what its condition means. */
    private MathNode condition(MathNode variable) {
        MathNode condition = list();
        if (variable instanceof MathNode.Sym || variable instanceof MathNode.Relation) return condition;
        throw new UndecidableException("a set described by " + Canonical.of(variable));
    }

    /** {@code \langle 1, 2 \rangle}. */
    MathNode vector() {
        cursor.enter();
        List<MathNode> parts = parts(list());
        if (!cursor.peek().isName("rangle")) throw cursor.unexpected();
        cursor.next();
        cursor.leave();
        return new Collection(Shape.TUPLE, parts);
    }

    /** The rows of an environment up to its end. */
    MathNode matrix(String environment) {
        cursor.enter();
        List<List<MathNode>> rows = new ArrayList<>();
        while (!atEnd(environment)) {
            rows.add(row());
            if (!cursor.accept("\\\\") && !atEnd(environment)) throw cursor.unexpected();
        }
        cursor.next();
        cursor.leave();
        if (rows.isEmpty()) throw new UndecidableException("an empty matrix");
        int columns = rows.get(0).size();
        if (rows.stream().anyMatch(row -> row.size() != columns)) throw new UndecidableException("uneven rows");
        List<MathNode> cells = rows.stream().flatMap(List::stream).toList();
        boolean system = columns == 1 && cells.stream().anyMatch(cell -> cell instanceof MathNode.Relation);
        if (environment.endsWith("matrix") || environment.equals("array") && !system || columns > 1) {
            Matrix matrix = new Matrix(columns, cells);
            boolean determinant = environment.equals("vmatrix") || environment.equals("Vmatrix");
            if (!determinant) return matrix;
            boolean brief = columns <= Matrices.MAX_DETERMINANT && cursor.mayWrite(24L * matrix.size());
            return brief ? Matrices.determinant(matrix) : new MathNode.Opaque(environment, List.of(matrix));
        }
        return cells.size() == 1 ? cells.get(0) : new Collection(Shape.LIST, cells);
    }

    private boolean atEnd(String environment) {
        return cursor.peek().isName("end:" + environment);
    }

    /** The cells of one row; {@code \text{if}} before a condition, or in a cell of its own, is skipped. */
    private List<MathNode> row() {
        List<MathNode> cells = new ArrayList<>();
        cells.add(list());
        while (cursor.accept("&")) {
            boolean condition = skipConditionWord();
            if (condition && cursor.peek().is("&")) continue;
            cells.add(list());
        }
        return cells;
    }

    private boolean skipConditionWord() {
        boolean condition = cursor.peek().kind() == Kind.WORDS
                && CONDITION_WORDS.contains(cursor.peek().text().toLowerCase(java.util.Locale.ROOT));
        if (condition) cursor.next();
        return condition;
    }
}
