package io.tramontane.model.jinja;

/** A value that can be called: a macro, a global, {@code caller}, a method bound to its object. */
interface Callable {
    Object call(Arguments given);
}
