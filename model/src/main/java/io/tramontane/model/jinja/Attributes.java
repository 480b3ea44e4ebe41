package io.tramontane.model.jinja;

/** A value with attributes: {@code loop}, a namespace, a cycler, a group. */
interface Attributes {
    /** Null (undefined) if there is none of that name. */
    Object attribute(String name);
}
