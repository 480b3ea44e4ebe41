package io.tramontane.data.jinja;

/** Something in a template that has a value. */
interface Expression {
    Object value(Scope scope);
}
