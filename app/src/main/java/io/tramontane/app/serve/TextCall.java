package io.tramontane.app.serve;

import java.util.List;

/** A request of {@code POST /v1/completions}. */
record TextCall(Settings settings, List<Prompt> prompts) {
    /**
     * A prompt.
     *
     * @param text control strings in it are text; null if tokens are given
     * @param tokens ids as the client chose them; null if a text is given
     */
    record Prompt(String text, int[] tokens) {}
}
