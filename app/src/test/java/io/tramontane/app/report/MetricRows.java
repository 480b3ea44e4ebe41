package io.tramontane.app.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Metric rows of tests: every name of the contract, with round numbers. */
final class MetricRows {
    private MetricRows() {}

    static Map<String, Object> train(int step) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "train");
        for (Metric metric : MetricNames.TRAIN) if (metric.always()) row.put(metric.name(), 0.5);
        row.put("step", step);
        row.put("policyVersion", step);
        return row;
    }

    /** Correctness 0.25 + step / 1000 in French (level 3) and twice that in English (level 1). */
    static Map<String, Object> eval(int step) {
        double french = 0.25 + step / 1000.0;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "eval");
        row.put("step", step);
        row.put("problems", 4);
        row.put("correctness", 1.5 * french);
        row.put("languageConsistency", 0.75);
        row.put("formatOk", 1.0);
        row.put("lengthMean", 32.0);
        row.put("byLanguage", Map.of("en", 2 * french, "fr", french));
        row.put("byLevel", Map.of("1", 2 * french, "3", french));
        row.put("languageByLanguage", Map.of("en", 1.0, "fr", 0.5));
        return row;
    }

    static Map<String, Object> end() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", "end");
        row.put("ledger", Map.of("leased", 12, "trained", 10, "dropped", Map.of("zero signal", 1), "inFlight", 1));
        row.put("trainSeconds", 288.4);
        row.put("reason", "steps done");
        return row;
    }
}
