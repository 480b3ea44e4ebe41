package io.tramontane.model.jinja;

/** Python's None. A Java null is what Jinja calls undefined. */
enum None {
    NONE;

    @Override
    public String toString() {
        return "None";
    }
}
