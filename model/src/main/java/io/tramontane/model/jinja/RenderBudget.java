package io.tramontane.model.jinja;

import io.tramontane.data.MarkedText;
import java.util.List;

/** Limits of one rendering: a template is an untrusted program. One thread at a time. */
final class RenderBudget {
    private static final long MOST_CHARACTERS = 16_000_000;
    private static final long MOST_ITEMS = 2_000_000;
    private static final long MOST_STEPS = 4_000_000;
    private static final int MOST_CALLS = 100;
    private static final long MOST_NANOS = 5_000_000_000L;

    private final long start = System.nanoTime();
    private long characters;
    private long items;
    private long steps;
    private int calls;

    /** Before every statement and every function. */
    void step() {
        if (++steps > MOST_STEPS) throw new TemplateException("more than " + MOST_STEPS + " steps");
        if ((steps & 127) == 0 && System.nanoTime() - start > MOST_NANOS)
            throw new TemplateException("more than " + MOST_NANOS / 1_000_000_000 + " seconds");
    }

    /** Before text of this length is made. */
    void text(long length) {
        characters += length;
        if (length < 0 || characters > MOST_CHARACTERS)
            throw new TemplateException("more than " + MOST_CHARACTERS + " characters of text made");
    }

    MarkedText text(MarkedText made) {
        text(made.length());
        return made;
    }

    /** Before a list of this size is made. */
    void items(long size) {
        items += size;
        if (size < 0 || items > MOST_ITEMS) throw new TemplateException("more than " + MOST_ITEMS + " list items made");
    }

    <T> List<T> list(List<T> made) {
        items(made.size());
        return made;
    }

    /** At the start of a macro's call. */
    void enter() {
        if (++calls > MOST_CALLS) throw new TemplateException("more than " + MOST_CALLS + " nested calls");
    }

    /** At its end. */
    void leave() {
        calls--;
    }
}
