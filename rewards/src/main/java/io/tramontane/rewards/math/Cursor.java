package io.tramontane.rewards.math;

import io.tramontane.rewards.math.Token.Kind;
import java.util.List;

/** A place in the tokens of one answer, shared by the two parsers, and how deep they are. */
final class Cursor {
    static final int MAX_DEPTH = 60;
    private static final int MAX_WRITTEN = 4000;

    private final List<Token> tokens;
    private int at;
    private int depth;
    private int written;
    private int bars;
    private int builders;
    private int squares;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    /** Whether the token just taken is a number: brackets around one make it a factor. */
    boolean afterNumber() {
        return at > 0 && tokens.get(at - 1).kind() == Kind.NUMBER;
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) at++;
        return token;
    }

    boolean accept(String sign) {
        if (!peek().is(sign)) return false;
        at++;
        return true;
    }

    void expect(String sign) {
        if (!accept(sign)) throw unexpected();
    }

    UndecidableException unexpected() {
        Token token = peek();
        return new UndecidableException(
                token.kind() == Kind.END ? "it ends too early" : "cannot read \"" + token.text() + "\"");
    }

    /** Takes the first digit of a number that stands in the place of one argument: {@code \frac12}. */
    String nextDigit() {
        Token token = peek();
        String digits = token.text();
        if (digits.length() == 1 || !NumberText.isDigit(digits.charAt(0)) || digits.indexOf('.') >= 0) {
            at++;
            return digits;
        }
        tokens.set(at, new Token(Kind.NUMBER, digits.substring(1), false));
        return digits.substring(0, 1);
    }

    int mark() {
        return at;
    }

    void reset(int mark) {
        at = mark;
    }

    /** Whether sums and determinants of this answer may still be written out into so many nodes more. */
    boolean mayWrite(long nodes) {
        if (nodes > MAX_WRITTEN - written) return false;
        written += (int) nodes;
        return true;
    }

    void enter() {
        if (++depth > MAX_DEPTH) throw new UndecidableException("deeper than " + MAX_DEPTH + " levels");
    }

    void leave() {
        depth--;
    }

    /** Opens (1) or closes (-1) an absolute value: inside, the next bar closes. */
    void bars(int change) {
        bars += change;
    }

    /** Opens (1) or closes (-1) a set in braces: inside, a bar or colon starts the condition. */
    void builders(int change) {
        builders += change;
    }

    /** Opens (1) or closes (-1) a square bracket: inside, another one may close it, as in {@code [0,1[}. */
    void squares(int change) {
        squares += change;
    }

    boolean inSquares() {
        return squares > 0;
    }

    boolean barOpens() {
        return bars == 0 && builders == 0;
    }

    boolean inBuilder() {
        return builders > 0;
    }
}
