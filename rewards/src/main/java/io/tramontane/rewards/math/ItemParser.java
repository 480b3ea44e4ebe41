package io.tramontane.rewards.math;

import io.tramontane.rewards.math.MathNode.Degrees;
import io.tramontane.rewards.math.MathNode.Percent;
import io.tramontane.rewards.math.MathNode.Quantity;
import io.tramontane.rewards.math.MathNode.Ratio;
import io.tramontane.rewards.math.MathNode.Relation;
import io.tramontane.rewards.math.MathNode.SetOperation;
import io.tramontane.rewards.math.MathNode.Words;
import io.tramontane.rewards.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads one item of a list: a chain of relations between sets, ratios and sums, and the unit or words behind it. */
final class ItemParser {
    private static final Set<String> RELATION_SIGNS =
            Set.of("=", "<", ">", "<=", ">=", "!=", "~", "in", "equiv", "=>", "to");
    private static final Set<String> SET_SIGNS = Set.of("cup", "cap", "setminus");
    private static final Set<String> CURRENCY = Set.of("\\$", "\u20AC", "\u00A3", "\u00A5");
    private static final Set<String> PERCENT =
            Set.of("percent", "pct", "percentage", "per cent", "prozent", "por ciento", "pour cent", "per cento");

    private final Cursor cursor;
    private final ExpressionParser expressions;

    ItemParser(Cursor cursor, ExpressionParser expressions) {
        this.cursor = cursor;
        this.expressions = expressions;
    }

    MathNode item() {
        cursor.enter();
        skipIntroduction();
        List<MathNode> members = new ArrayList<>();
        List<String> signs = new ArrayList<>();
        members.add(member());
        while (cursor.peek().kind() == Kind.SIGN
                && RELATION_SIGNS.contains(cursor.peek().text())) {
            signs.add(cursor.next().text());
            members.add(member());
        }
        cursor.leave();
        int arrow = signs.lastIndexOf("=>");
        MathNode last = statement(members, signs, arrow + 1);
        if (arrow >= 0) Chains.requireNoOtherValue(members, signs, last);
        return last;
    }

    private static MathNode statement(List<MathNode> members, List<String> signs, int from) {
        if (from == signs.size()) return members.get(from);
        return new Relation(
                List.copyOf(members.subList(from, members.size())), List.copyOf(signs.subList(from, signs.size())));
    }

    /** {@code \text{The answer is }}: words that only introduce what follows. */
    private void skipIntroduction() {
        while (cursor.peek().kind() == Kind.WORDS && introduces(cursor.peek().text()) && !endsItem(cursor.peek(1)))
            cursor.next();
    }

    private static boolean endsItem(Token token) {
        return token.kind() == Kind.END
                || token.kind() == Kind.SIGN && ("=,;)]}".contains(token.text()) || token.is("\\}"));
    }

    private static boolean introduces(String words) {
        for (String word : words.toLowerCase(Locale.ROOT).split("[^a-z]+"))
            if (!word.isEmpty() && !Units.INTRODUCTION.contains(word)) return false;
        return true;
    }

    /** Sets joined by set signs. */
    private MathNode member() {
        MathNode node = ratio();
        for (int signs = 0; isSetSign(cursor.peek()); signs++) {
            if (signs > RealSet.MAX_PIECES)
                throw new UndecidableException("more than " + RealSet.MAX_PIECES + " set signs");
            String sign = cursor.next().text();
            node = new SetOperation(sign.equals("setminus") ? "minus" : sign, node, ratio());
        }
        return node;
    }

    private static boolean isSetSign(Token token) {
        return token.kind() == Kind.SIGN && SET_SIGNS.contains(token.text());
    }

    private MathNode ratio() {
        List<MathNode> parts = new ArrayList<>();
        parts.add(quantity());
        while (!cursor.inBuilder() && cursor.accept(":")) parts.add(quantity());
        return parts.size() == 1 ? parts.get(0) : new Ratio(List.copyOf(parts));
    }

    private MathNode quantity() {
        if (cursor.peek().kind() == Kind.WORDS) return wordsOrLabel();
        boolean negative = cursor.peek().is("-") && isCurrency(cursor.peek(1));
        if (negative) cursor.next();
        boolean money = isCurrency(cursor.peek());
        String currency = money ? cursor.next().text() : "";
        MathNode node = expressions.sum();
        if (negative) node = new MathNode.Negate(node);
        return behind(node, currency);
    }

    private static boolean isCurrency(Token token) {
        return token.kind() == Kind.SIGN && CURRENCY.contains(token.text());
    }

    private MathNode wordsOrLabel() {
        StringBuilder text = new StringBuilder();
        while (cursor.peek().kind() == Kind.WORDS || isWordLetter()) {
            if (!text.isEmpty()) text.append(' ');
            text.append(cursor.next().text());
        }
        return new Words(text.toString());
    }

    /** A letter between words belongs to them: "Group A". */
    private boolean isWordLetter() {
        Token token = cursor.peek();
        return token.kind() == Kind.NAME && token.text().length() == 1 && token.blank();
    }

    /** Percent, degrees, modulus and units behind a number. */
    private MathNode behind(MathNode number, String currency) {
        MathNode node = number;
        String unit = unit(currency);
        String lower = unit.toLowerCase(Locale.ROOT).strip();
        if (PERCENT.contains(lower)) return new Percent(node);
        if (Units.DEGREES.contains(lower)) return new Degrees(node);
        if (!unit.isEmpty()) node = new Quantity(node, unit);
        boolean parenthesised = cursor.peek().is("(") && isModulo(cursor.peek(1));
        if (parenthesised) cursor.next();
        if (!isModulo(cursor.peek())) return node;
        cursor.next();
        MathNode modulus = expressions.factor();
        if (parenthesised) cursor.expect(")");
        return new Quantity(node, "mod " + Canonical.of(modulus));
    }

    private static boolean isModulo(Token token) {
        return token.isName("pmod") || token.isName("mod") || token.isName("bmod");
    }

    /** {@code \frac{\text{km}}{\text{h}}} as km/h. */
    private String fraction() {
        StringBuilder unit = new StringBuilder();
        for (String sign : new String[] {"", "/"}) {
            if (sign.isEmpty()) cursor.next();
            cursor.expect("{");
            unit.append(sign).append(cursor.next().text());
            cursor.expect("}");
        }
        return unit.toString();
    }

    /** The letter of {@code miles/s}. */
    private static boolean isUnitLetter(Token token) {
        return token.kind() == Kind.NAME
                && (token.isName("s") || token.isName("h") || token.isName("sec") || token.isName("min"));
    }

    private static String exponent(MathNode node) {
        return node instanceof MathNode.Negate minus ? "-" + Canonical.of(minus.inner()) : Canonical.of(node);
    }

    /** All words behind a number, with powers and slashes between them, as one text. */
    private String unit(String currency) {
        StringBuilder unit = new StringBuilder(currency);
        while (true) {
            Token token = cursor.peek();
            boolean joins = token.is("/") || token.is("*") || token.is("-") && !unit.isEmpty();
            boolean letter = token.is("/") && !unit.isEmpty() && isUnitLetter(cursor.peek(1));
            boolean over = joins && cursor.peek(1).kind() == Kind.WORDS || letter;
            boolean fraction = token.isName("frac") && cursor.peek(2).kind() == Kind.WORDS;
            if (fraction) unit.append(' ').append(fraction());
            else if (token.kind() == Kind.WORDS)
                unit.append(' ').append(cursor.next().text());
            else if (over)
                unit.append(cursor.next().text().replace('-', '*'))
                        .append(cursor.next().text());
            else if (isCurrency(token)) unit.append(cursor.next().text());
            else if (token.is("^") && !unit.isEmpty()) {
                cursor.next();
                unit.append('^').append(exponent(expressions.exponent()));
            } else if (token.is("%") && !unit.isEmpty())
                unit.append(cursor.next().text());
            else return unit.toString().strip();
        }
    }
}
