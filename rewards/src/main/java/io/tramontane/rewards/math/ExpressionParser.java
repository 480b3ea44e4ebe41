package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Call;
import io.tramontane.rewards.math.MathNode.Degrees;
import io.tramontane.rewards.math.MathNode.Negate;
import io.tramontane.rewards.math.MathNode.Num;
import io.tramontane.rewards.math.MathNode.Percent;
import io.tramontane.rewards.math.MathNode.PlusMinus;
import io.tramontane.rewards.math.MathNode.Power;
import io.tramontane.rewards.math.MathNode.Product;
import io.tramontane.rewards.math.MathNode.Quotient;
import io.tramontane.rewards.math.MathNode.Sum;
import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Recursive descent over sums, products and powers. Side by side means times; {@code a/bc} is (a/b)c; a whole number
 * before a proper fraction of whole numbers is a mixed number. Atoms are read by {@link AtomParser}.
 */
final class ExpressionParser {
    private static final Set<String> STOPS =
            Set.of("mid", "bmod", "pmod", "mod", "end", "rfloor", "rceil", "rangle", "circ", "choose", "over");
    private static final Set<String> OPENING = Set.of("(", "{");

    /** Powers, factorials, percent and degree signs. */
    private static final int MAX_BEHIND = 8;

    private final Cursor cursor;
    private final AtomParser atoms;

    ExpressionParser(Cursor cursor, AnswerParser answers) {
        this.cursor = cursor;
        this.atoms = new AtomParser(cursor, this, answers);
    }

    MathNode sum() {
        cursor.enter();
        List<MathNode> terms = new ArrayList<>();
        terms.add(signedTerm());
        while (isSign(cursor.peek())) terms.add(signedTerm());
        cursor.leave();
        return terms.size() == 1 ? terms.get(0) : new Sum(List.copyOf(terms));
    }

    private static boolean isSign(Token token) {
        return token.is("+") || token.is("-") || token.is("pm") || token.is("mp");
    }

    private MathNode signedTerm() {
        Token sign = cursor.peek();
        if (!isSign(sign)) return term();
        cursor.next();
        MathNode inner;
        if (isSign(cursor.peek())) {
            cursor.enter();
            inner = signedTerm();
            cursor.leave();
        } else inner = term();
        return switch (sign.text()) {
            case "-" -> new Negate(inner);
            case "pm" -> new PlusMinus(inner, true);
            case "mp" -> new PlusMinus(inner, false);
            default -> inner;
        };
    }

    private MathNode term() {
        List<MathNode> factors = new ArrayList<>();
        factors.add(factor());
        int divisions = 0;
        while (true) {
            Token token = cursor.peek();
            if ((token.is("/") || token.isName("bmod")) && ++divisions > Cursor.MAX_DEPTH)
                throw new UndecidableException("more than " + Cursor.MAX_DEPTH + " divisions in one term");
            if (token.is("*")) {
                if (cursor.peek(1).kind() == Kind.WORDS) break;
                cursor.next();
                factors.add(signedFactor());
            } else if (token.is("/")) {
                if (cursor.peek(1).kind() == Kind.WORDS) break;
                cursor.next();
                divide(factors, signedFactor());
            } else if (token.isName("bmod")) {
                cursor.next();
                MathNode modulus = factor();
                MathNode left = product(factors);
                factors.clear();
                factors.add(new Call("mod", List.of(left, modulus)));
            } else if (startsFactor(token) && !isUnit(token)) sideBySide(factors);
            else break;
        }
        return product(factors);
    }

    /** {@code \frac{\text{km}}{\text{h}}}. */
    private boolean isUnit(Token token) {
        return token.isName("frac") && cursor.peek(1).is("{") && cursor.peek(2).kind() == Kind.WORDS;
    }

    private static void divide(List<MathNode> factors, MathNode bottom) {
        MathNode top = product(factors);
        factors.clear();
        factors.add(new Quotient(top, bottom));
    }

    private static MathNode product(List<MathNode> factors) {
        return factors.size() == 1 ? factors.get(0) : new Product(List.copyOf(factors));
    }

    private void sideBySide(List<MathNode> factors) {
        MathNode before = factors.get(factors.size() - 1);
        boolean whole = before instanceof Num num && num.places() == -1 && cursor.afterNumber();
        if (cursor.peek().kind() == Kind.NUMBER) {
            if (!(before instanceof Num)) {
                factors.add(factor());
                return;
            }
            MathNode fraction = whole ? slashFraction() : null;
            if (fraction == null) throw new UndecidableException("two numbers side by side");
            MathNode mixed = new Sum(List.of(before, fraction));
            factors.set(factors.size() - 1, cursor.accept("%") ? new Percent(mixed) : mixed);
            return;
        }
        boolean mayMix = whole && cursor.peek().isName("frac");
        MathNode next = factor();
        if (mayMix && isProper(next)) factors.set(factors.size() - 1, new Sum(List.of(before, next)));
        else if (mayMix && next instanceof Percent percent && isProper(percent.inner()))
            factors.set(factors.size() - 1, new Percent(new Sum(List.of(before, percent.inner()))));
        else factors.add(next);
    }

    /** The rest of {@code 2 1/2}; null when it is something else. */
    private MathNode slashFraction() {
        Token top = cursor.peek();
        if (!top.blank() || !cursor.peek(1).is("/") || cursor.peek(2).kind() != Kind.NUMBER) return null;
        cursor.next();
        cursor.next();
        MathNode fraction = new Quotient(
                NumberText.number(top.text()), NumberText.number(cursor.next().text()));
        return isProper(fraction) ? fraction : null;
    }

    private static boolean isProper(MathNode node) {
        return node instanceof Quotient fraction
                && fraction.top() instanceof Num top
                && fraction.bottom() instanceof Num bottom
                && top.places() == -1
                && bottom.places() == -1
                && top.value().signum() > 0
                && top.value().compareTo(bottom.value()) < 0;
    }

    boolean startsFactor(Token token) {
        return switch (token.kind()) {
            case NUMBER -> true;
            case NAME -> !STOPS.contains(token.text()) && !token.text().startsWith("end:");
            case SIGN ->
                OPENING.contains(token.text())
                        || token.is("[") && !cursor.inSquares()
                        || token.is("|") && cursor.barOpens();
            default -> false;
        };
    }

    private MathNode signedFactor() {
        if (cursor.accept("-")) {
            cursor.enter();
            MathNode inner = new Negate(signedFactor());
            cursor.leave();
            return inner;
        }
        if (cursor.accept("+")) return factor();
        return factor();
    }

    /** An atom with what stands behind it: powers, factorials, percent and degree signs. */
    MathNode factor() {
        cursor.enter();
        MathNode node = atoms.atom();
        for (int signs = 0; ; signs++) {
            if (signs > MAX_BEHIND)
                throw new UndecidableException("more than " + MAX_BEHIND + " signs behind one factor");
            if (cursor.peek().is("^")) node = raised(node);
            else if (cursor.accept("!")) node = new Call("factorial", List.of(node));
            else if (cursor.accept("%")) node = new Percent(node);
            else if (cursor.accept("\u00B0")) node = new Degrees(node);
            else break;
        }
        cursor.leave();
        return node;
    }

    private MathNode raised(MathNode base) {
        cursor.expect("^");
        boolean braced = cursor.peek().is("{")
                && cursor.peek(1).isName("circ")
                && cursor.peek(2).is("}");
        boolean bracedSign = cursor.peek().is("{")
                && cursor.peek(1).is("\u00B0")
                && cursor.peek(2).is("}");
        if (braced
                || bracedSign
                || cursor.peek().isName("circ")
                || cursor.peek().is("\u00B0")) {
            cursor.next();
            if (braced || bracedSign) {
                cursor.next();
                cursor.next();
            }
            return new Degrees(base);
        }
        MathNode exponent = exponent();
        boolean ring = base instanceof Num
                && exponent instanceof MathNode.Sym sign
                && sign.name().equals("o");
        return ring ? new Degrees(base) : new Power(base, exponent);
    }

    /** What stands behind {@code ^}: a group, a number, a name, or one of these with a sign. */
    MathNode exponent() {
        if (cursor.accept("-")) {
            cursor.enter();
            MathNode inner = new Negate(exponent());
            cursor.leave();
            return inner;
        }
        if (cursor.accept("+")) return exponent();
        if (cursor.peek().is("{")) return atoms.group();
        return atoms.atom();
    }

    /** The argument of {@code \frac} or {@code \binom}: a group, a digit, or one name. */
    MathNode argument() {
        if (cursor.peek().is("{")) return atoms.group();
        if (cursor.peek().kind() == Kind.NUMBER) return NumberText.number(cursor.nextDigit());
        cursor.enter();
        MathNode node = atoms.atom();
        cursor.leave();
        return node;
    }
}
