package io.tramontane.app.cli;

import io.tramontane.data.ThinkTags;

/**
 * Completions of models that were not trained to our form, brought into it before they are judged: one without marks of
 * thoughts is all answer, and one that only closes its thoughts began them in the prompt, as some models' templates do. What
 * has the marks stays as it is, so thoughts that were cut are still no answer.
 *
 * @param tags the marks that the format gate looks for
 */
record FreeForm(ThinkTags tags) {
    String judged(String text) {
        if (text.contains(tags.open())) return text;
        return text.contains(tags.close()) ? tags.open() + text : tags.open() + tags.close() + text;
    }
}
