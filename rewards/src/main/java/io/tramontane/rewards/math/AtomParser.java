package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Sym;
import io.tramontane.rewards.math.MathNode.Words;
import io.tramontane.rewards.math.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what a factor consists of: numbers, names, functions, fractions, roots and brackets. */
final class AtomParser {
    private static final Set<String> ACCENTS = Set.of(
            "overline",
            "bar",
            "hat",
            "vec",
            "tilde",
            "overrightarrow",
            "widehat",
            "dot",
            "ddot",
            "mathbb",
            "mathfrak",
            "overleftrightarrow",
            "operatorname");
    private static final Set<String> CONJUGATES = Set.of("overline", "bar");
    private static final Set<String> SIGNS_OVER =
            Set.of("sum", "prod", "int", "lim", "iint", "oint", "bigcup", "bigcap");
    private static final Set<String> GEOMETRY = Set.of("angle", "triangle", "widehat", "odot", "square", "parallel");
    private static final Set<String> ALWAYS_APPLIED = Set.of("f", "g", "h", "varphi");

    private final Cursor cursor;
    private final ExpressionParser expressions;
    private final AnswerParser answers;
    private final FunctionParser functions;

    AtomParser(Cursor cursor, ExpressionParser expressions, AnswerParser answers) {
        this.cursor = cursor;
        this.expressions = expressions;
        this.answers = answers;
        this.functions = new FunctionParser(cursor, expressions, answers);
    }

    MathNode atom() {
        Token token = cursor.peek();
        return switch (token.kind()) {
            case NUMBER -> number();
            case NAME -> name();
            case WORDS -> new Words(cursor.next().text());
            case SIGN -> bracket(token.text());
            default -> throw cursor.unexpected();
        };
    }

    MathNode group() {
        cursor.enter();
        cursor.expect("{");
        if (cursor.accept("}")) throw new UndecidableException("an empty group");
        MathNode node = answers.list();
        if (cursor.peek().isName("choose") || cursor.peek().isName("over")) node = stacked(node);
        cursor.expect("}");
        cursor.leave();
        return node;
    }

    /** TeX's own {@code {n \choose k}} and {@code {a \over b}}. */
    private MathNode stacked(MathNode top) {
        boolean fraction = cursor.next().isName("over");
        MathNode bottom = answers.list();
        return fraction ? new Quotient(top, bottom) : new Call("binom", List.of(top, bottom));
    }

    private MathNode bracket(String sign) {
        return switch (sign) {
            case "{" -> group();
            case "(", "[", "]", "\\{" -> answers.bracketed();
            case "|" -> bars();
            case "\\|" -> norm();
            default -> throw cursor.unexpected();
        };
    }

    private MathNode bars() {
        cursor.enter();
        cursor.expect("|");
        cursor.bars(1);
        MathNode inner = expressions.sum();
        cursor.expect("|");
        cursor.bars(-1);
        cursor.leave();
        return new Call("abs", List.of(inner));
    }

    private MathNode norm() {
        cursor.expect("\\|");
        MathNode inner = expressions.sum();
        cursor.expect("\\|");
        return new Opaque("norm", List.of(inner));
    }

    /** Digits, or digits in another base: {@code 204_5}. */
    private MathNode number() {
        Token token = cursor.next();
        if (!cursor.peek().is("_")) return NumberText.number(token.text());
        cursor.next();
        MathNode base = subscript();
        return inBase(token.text(), base);
    }

    private static MathNode inBase(String digits, MathNode base) {
        if (!(base instanceof Num num) || !num.value().isWhole()) return new Sym(digits + "_" + Canonical.of(base));
        int radix = num.value().numerator().bitLength() > 6
                ? 0
                : num.value().numerator().intValue();
        if (radix < 2 || radix > 36) throw new UndecidableException("base " + Canonical.of(base));
        try {
            return new Num(Rational.of(new BigInteger(digits, radix)), -2, digits.length());
        } catch (NumberFormatException foreignDigit) {
            throw new UndecidableException(digits + " has a digit that base " + radix + " does not have");
        }
    }

    private MathNode name() {
        String name = cursor.peek().text();
        if (Names.FUNCTIONS.contains(name) || Names.LISTED.contains(name)) return functions.call();
        cursor.next();
        if (name.startsWith("begin:")) return answers.matrix(name.substring("begin:".length()));
        if (SIGNS_OVER.contains(name)) return functions.over(name);
        if (GEOMETRY.contains(name)) return figure(name);
        if (ACCENTS.contains(name)) return accented(name);
        return switch (name) {
            case "frac" -> new Quotient(expressions.argument(), expressions.argument());
            case "binom", "choose" -> new Call("binom", List.of(expressions.argument(), expressions.argument()));
            case "sqrt" -> functions.root();
            case "lfloor" -> functions.closedBy("rfloor", "floor");
            case "lceil" -> functions.closedBy("rceil", "ceil");
            case "det" -> determinant();
            case "langle" -> answers.vector();
            case "varnothing" -> new MathNode.Collection(MathNode.Shape.SET, List.of());
            case "ldots" -> new Words("...");
            case "vdots", "ddots" -> throw new UndecidableException("an open list");
            default -> symbol(spelling(name));
        };
    }

    private MathNode determinant() {
        boolean written =
                cursor.peek().kind() == Kind.NAME && cursor.peek().text().startsWith("begin:");
        MathNode inner = written ? atom() : null;
        boolean brief = inner instanceof MathNode.Matrix matrix
                && matrix.columns() <= Matrices.MAX_DETERMINANT
                && cursor.mayWrite(24L * matrix.size());
        if (brief) return Matrices.determinant((MathNode.Matrix) inner);
        return written ? new Opaque("det", List.of(inner)) : symbol("det");
    }

    /** {@code \angle ABC}: the letters that follow belong to it. */
    private MathNode figure(String head) {
        StringBuilder letters = new StringBuilder();
        boolean braced = cursor.accept("{");
        while (cursor.peek().kind() == Kind.NAME && cursor.peek().text().length() == 1)
            letters.append(cursor.next().text());
        if (braced) cursor.expect("}");
        return new Sym(head + " " + letters);
    }

    private MathNode accented(String head) {
        MathNode inner = expressions.argument();
        boolean conjugate = CONJUGATES.contains(head) && Symbolic.isConstant(inner) && Symbolic.isComplex(inner);
        if (conjugate) return new Call("conj", List.of(inner));
        return symbolEnd(new Sym(head + "(" + Canonical.of(inner) + ")"));
    }

    /** One name for the two shapes of a Greek letter. */
    private static String spelling(String name) {
        return switch (name) {
            case "varepsilon" -> "epsilon";
            case "vartheta" -> "theta";
            case "varrho" -> "rho";
            case "varkappa" -> "kappa";
            default -> name;
        };
    }

    private MathNode symbol(String letter) {
        return symbolEnd(new Sym(letter));
    }

    /** Subscripts, primes, and the parentheses of an applied function. */
    private MathNode symbolEnd(Sym start) {
        String name = start.name();
        while (true) {
            if (cursor.accept("'")) name += "'";
            else if (cursor.accept("_")) name += "_" + Canonical.of(subscript());
            else break;
        }
        boolean function = ALWAYS_APPLIED.contains(start.name());
        if (function && cursor.peek().is("^")) {
            int mark = cursor.mark();
            cursor.next();
            MathNode exponent = expressions.exponent();
            if (cursor.peek().is("(")) return applied(name + "^" + Canonical.of(exponent));
            cursor.reset(mark);
        }
        boolean applies = cursor.peek().is("(") && (function || argumentIsLone(start.name()));
        return applies ? applied(name) : new Sym(name);
    }

    private MathNode subscript() {
        boolean word = cursor.peek().is("{")
                && cursor.peek(1).kind() == Kind.NAME
                && cursor.peek(2).is("}");
        if (word) {
            cursor.next();
            MathNode name = new Sym(cursor.next().text());
            cursor.next();
            return name;
        }
        if (cursor.peek().is("{")) return group();
        if (cursor.peek().kind() == Kind.NUMBER)
            return NumberText.number(cursor.next().text());
        return new Sym(cursor.next().text());
    }

    /** {@code P(x)}, {@code a(n)}: one letter before one letter in parentheses; capitals before a whole number too. */
    private boolean argumentIsLone(String letter) {
        Token argument = cursor.peek(1);
        if (letter.length() != 1 || cursor.peek().blank() || !cursor.peek(2).is(")")) return false;
        boolean capital = Character.isUpperCase(letter.charAt(0));
        boolean lone = argument.kind() == Kind.NAME && argument.text().length() == 1;
        return lone || capital && argument.kind() == Kind.NUMBER;
    }

    private MathNode applied(String function) {
        MathNode argument = answers.bracketed();
        List<MathNode> parts = new ArrayList<>();
        parts.add(argument);
        return new Opaque(function, parts);
    }

    /** Raises unless the exponent is absent; used by functions. */
    static MathNode raised(MathNode base, MathNode exponent) {
        return exponent == null ? base : new Power(base, exponent);
    }
}
