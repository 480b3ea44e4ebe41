package io.tramontane.model.jinja;

/** A template that cannot be rendered: it is damaged, uses what is not allowed, or raises an exception itself. */
final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TemplateException(String why) {
        super(why);
    }
}
