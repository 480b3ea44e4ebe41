package io.tramontane.model.jinja;

/**
 * A token of an expression or a tag.
 *
 * @param text a name, a number, an operator, or what a string literal means
 */
record JinjaToken(Kind kind, String text) {
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        OPERATOR
    }

    boolean is(String other) {
        return kind != Kind.STRING && text.equals(other);
    }

    boolean opens() {
        return kind == Kind.OPERATOR && (text.equals("(") || text.equals("[") || text.equals("{"));
    }

    boolean closes() {
        return kind == Kind.OPERATOR && (text.equals(")") || text.equals("]") || text.equals("}"));
    }
}
