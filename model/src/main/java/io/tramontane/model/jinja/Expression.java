package io.tramontane.model.jinja;

/** Something in a template that has a value. */
interface Expression {
    Object value(Scope scope);
}
