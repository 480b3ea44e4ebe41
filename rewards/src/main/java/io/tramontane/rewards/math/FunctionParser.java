package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Collection;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Opaque;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Sym;
import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads function names and their arguments, with or without parentheses. {@code \sin^{-1}} is the inverse;
 * {@code \log} without a base keeps an unknown one, so that it is neither the natural nor the decimal logarithm.
 */
final class FunctionParser {
    private final Cursor cursor;
    private final ExpressionParser expressions;
    private final AnswerParser answers;

    FunctionParser(Cursor cursor, ExpressionParser expressions, AnswerParser answers) {
        this.cursor = cursor;
        this.expressions = expressions;
        this.answers = answers;
    }

    MathNode call() {
        String name = cursor.next().text();
        if (Names.LISTED.contains(name)) return listed(name);
        MathNode base = null;
        MathNode exponent = null;
        while (cursor.peek().is("_") || cursor.peek().is("^")) {
            if (cursor.accept("_")) base = expressions.argument();
            else {
                cursor.next();
                exponent = expressions.exponent();
            }
        }
        boolean inverse = exponent instanceof Negate negate
                && negate.inner() instanceof Num num
                && num.value().equals(Rational.ONE);
        boolean invertible = inverse && Names.FUNCTIONS.contains("arc" + name);
        MathNode call = named(invertible ? "arc" + name : name, base, argument());
        return AtomParser.raised(call, invertible ? null : exponent);
    }

    private static MathNode named(String name, MathNode base, MathNode argument) {
        return switch (name) {
            case "log" -> new Call("log", List.of(base == null ? new Sym("base of log") : base, argument));
            case "lg" -> new Call("log", List.of(new Num(Rational.of(10), -1, 2), argument));
            default -> {
                if (base != null) throw new UndecidableException(name + " with a base");
                yield new Call(name, List.of(argument));
            }
        };
    }

    /** Parentheses, or all factors up to the next sign, function or bracket. */
    private MathNode argument() {
        cursor.enter();
        MathNode argument = cursor.peek().is("(") ? answers.bracketed() : bareArgument();
        cursor.leave();
        return argument;
    }

    private MathNode bareArgument() {
        if (cursor.accept("-")) return new Negate(bareArgument());
        List<MathNode> factors = new ArrayList<>();
        do {
            boolean function = cursor.peek().kind() == Kind.NAME
                    && Names.FUNCTIONS.contains(cursor.peek().text());
            factors.add(expressions.factor());
            if (function) break;
        } while (expressions.startsFactor(cursor.peek())
                && !cursor.peek().is("(")
                && !nextIsFunction()
                && !nextIsExponential());
        MathNode argument = factors.size() == 1 ? factors.get(0) : new Product(List.copyOf(factors));
        boolean pi = factors.get(factors.size() - 1) instanceof Sym last
                && last.name().equals("pi");
        if (pi && cursor.peek().is("/") && cursor.peek(1).kind() == Kind.NUMBER) {
            cursor.next();
            argument = new Quotient(argument, NumberText.number(cursor.next().text()));
        }
        return argument;
    }

    /** {@code \sin x e^{-t}} is a product. */
    private boolean nextIsExponential() {
        return cursor.peek().isName("e") && cursor.peek(1).is("^");
    }

    private boolean nextIsFunction() {
        Token token = cursor.peek();
        return token.kind() == Kind.NAME
                && (Names.FUNCTIONS.contains(token.text()) || Names.LISTED.contains(token.text()));
    }

    private MathNode listed(String name) {
        if (name.equals("binom") && cursor.peek().is("{"))
            return new Call("binom", List.of(expressions.argument(), expressions.argument()));
        if (!cursor.peek().is("(") && !cursor.peek().is("\\{") && !cursor.peek().is("{"))
            throw new UndecidableException(name + " without arguments");
        MathNode inner = expressions.factor();
        List<MathNode> arguments = inner instanceof Collection collection ? collection.children() : List.of(inner);
        if (arguments.isEmpty() || name.equals("binom") && arguments.size() != 2)
            throw new UndecidableException(name + " of " + arguments.size());
        if (name.equals("cbrt")) return new Call("sqrt", List.of(arguments.get(0), new Num(Rational.of(3), -1, 1)));
        return new Call(name, arguments);
    }

    /** {@code \sqrt[3]{x}}, {@code \sqrt2}, {@code sqrt(x)}. */
    MathNode root() {
        MathNode index = null;
        if (cursor.accept("[")) {
            index = expressions.sum();
            cursor.expect("]");
        }
        MathNode inner;
        if (cursor.peek().kind() == Kind.NUMBER)
            inner = NumberText.number(cursor.next().text());
        else inner = cursor.peek().is("(") ? answers.bracketed() : expressions.argument();
        return new Call("sqrt", index == null ? List.of(inner) : List.of(inner, index));
    }

    MathNode closedBy(String closing, String function) {
        cursor.enter();
        MathNode inner = expressions.sum();
        if (!cursor.peek().isName(closing)) throw cursor.unexpected();
        cursor.next();
        cursor.leave();
        return new Call(function, List.of(inner));
    }

    /** Sums and products are written out where that is short; others, integrals and limits are only equal to themselves. */
    MathNode over(String head) {
        cursor.enter();
        List<MathNode> parts = new ArrayList<>();
        StringBuilder name = new StringBuilder(head);
        while (cursor.peek().is("_") || cursor.peek().is("^")) {
            name.append(cursor.next().text());
            parts.add(expressions.argument());
        }
        List<MathNode> factors = new ArrayList<>();
        while (expressions.startsFactor(cursor.peek()) || cursor.accept("*")) factors.add(expressions.factor());
        if (factors.isEmpty()) throw cursor.unexpected();
        parts.add(factors.size() == 1 ? factors.get(0) : new Product(List.copyOf(factors)));
        cursor.leave();
        MathNode expanded = FiniteSums.expanded(name.toString(), parts, cursor);
        return expanded != null ? expanded : new Opaque(name.toString(), List.copyOf(parts));
    }
}
