package io.tramontane.data.source;

import io.tramontane.data.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a path holds.
 *
 * @param problems with ids that are unique
 * @param mapping how foreign fields became ours, for a person; empty where they are ours already
 */
public record DataSet(List<Problem> problems, List<String> mapping) {
    /** Copies the lists. */
    public DataSet {
        problems = List.copyOf(problems);
        mapping = List.copyOf(mapping);
    }

    /** One line for a person: how many of which kind and language, and how they were read. */
    public String text() {
        Map<String, Integer> kinds = new TreeMap<>();
        Map<String, Integer> languages = new TreeMap<>();
        for (Problem problem : problems) {
            kinds.merge(problem.kind() == Problem.Kind.MATH ? "math" : "code", 1, Integer::sum);
            languages.merge(problem.language(), 1, Integer::sum);
        }
        return problems.size() + " problems (" + counts(kinds) + "; " + counts(languages) + ")"
                + (mapping.isEmpty() ? "" : "; " + String.join("; ", mapping));
    }

    private static String counts(Map<String, Integer> of) {
        if (of.size() == 1) return of.keySet().iterator().next();
        List<String> each = of.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        return String.join(", ", each);
    }
}
