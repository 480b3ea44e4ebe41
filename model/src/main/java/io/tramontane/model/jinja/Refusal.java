package io.tramontane.model.jinja;

/** Why a template does not become a text: it is damaged, it asks for what it may not have, or it says no itself. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    Refusal(String why) {
        super(why);
    }
}
