package io.tramontane.cluster.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import java.util.Map;
import java.util.TreeMap;

/** Sums over a curation's report. */
public final class CurateTotals {
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private int problems;
    private int kept;
    private int rewritten;
    private int dropped;
    private int unjudged;

    void add(ObjectNode entry) {
        problems++;
        outcomes.merge(entry.path("outcome").asText(), 1, Integer::sum);
        kept += entry.path("testsKept").asInt();
        rewritten += entry.path("rewritten").size();
        dropped += entry.path("dropped").size();
        unjudged += entry.path("unjudged").asInt();
    }

    int problems() {
        return problems;
    }

    private int of(String outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    ObjectNode json() {
        ObjectNode totals = JsonReading.mapper().createObjectNode();
        totals.put("problems", problems);
        for (String outcome : new String[] {"kept", "changed", "dropped", "untouched"})
            totals.put(outcome, of(outcome));
        totals.put("testsKept", kept).put("testsRewritten", rewritten).put("testsDropped", dropped);
        return totals.put("testsUnjudged", unjudged);
    }

    /** One line for a person. */
    public String text() {
        return problems + " problems: " + of("kept") + " kept, " + of("changed") + " changed, " + of("dropped")
                + " dropped, " + of("untouched") + " untouched; tests: " + kept + " kept, " + rewritten + " rewritten, "
                + dropped + " dropped" + (unjudged == 0 ? "" : ", " + unjudged + " not judged");
    }
}
