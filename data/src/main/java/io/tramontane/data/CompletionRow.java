package io.tramontane.data;

import java.io.Serializable;
import java.util.Map;

/**
 * One line of a completion file: a completion that was made elsewhere and is to be scored.
 *
 * @param problemId the problem it answers
 * @param group completions of one problem with the same group are compared with each other; from 0
 * @param completion the whole text, thoughts included
 * @param tokenCount its length in tokens; null where the file does not say
 * @param extra unknown fields, kept as they were read
 */
public record CompletionRow(
        String problemId, long group, String completion, Integer tokenCount, Map<String, Object> extra)
        implements Serializable {
    /** Copies the map. */
    public CompletionRow {
        extra = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(extra));
    }
}
