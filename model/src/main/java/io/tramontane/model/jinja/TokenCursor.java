package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import io.tramontane.model.jinja.JinjaToken.Kind;
import java.util.List;

/** Goes over the tokens of a tag. */
class TokenCursor {
    private static final JinjaToken END = new JinjaToken(Kind.OPERATOR, "");
    private final List<JinjaToken> tokens;
    private int at;

    TokenCursor(List<JinjaToken> tokens) {
        this.tokens = tokens;
    }

    /** The next token, not taken; one without text at the end. */
    final JinjaToken peek() {
        return peek(0);
    }

    final JinjaToken peek(int further) {
        return at + further < tokens.size() ? tokens.get(at + further) : END;
    }

    final boolean done() {
        return at >= tokens.size();
    }

    final JinjaToken next() {
        if (done()) throw new TemplateException("an operand is missing");
        return tokens.get(at++);
    }

    final boolean sees(String text) {
        return !done() && peek().is(text);
    }

    /** Takes the next token if it is this one. */
    final boolean take(String text) {
        if (!sees(text)) return false;
        at++;
        return true;
    }

    final void need(String text) {
        if (take(text)) return;
        throw new TemplateException(
                done() ? text + " is missing" : "unexpected " + Python.repr(MarkedText.own(peek().text())));
    }

    final String name(String where) {
        if (done() || peek().kind() != Kind.NAME) throw new TemplateException("a name is missing " + where);
        return next().text();
    }

    /** Nothing may follow. */
    final void end() {
        if (!done()) throw new TemplateException("unexpected " + Python.repr(MarkedText.own(peek().text())));
    }
}
