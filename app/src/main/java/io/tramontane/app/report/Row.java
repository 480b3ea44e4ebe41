package io.tramontane.app.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A metrics row as a reader sees it: what is missing, null or of another type is not a number and not a text. */
record Row(Map<String, Object> values) {
    /** NaN where nothing was measured. */
    double number(String name) {
        return values.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** 0 where there is none. */
    int step() {
        return values.get("step") instanceof Number number ? number.intValue() : 0;
    }

    /** Empty where there is none. */
    String text(String name) {
        return values.get(name) instanceof String text ? text : "";
    }

    /** Numbers by key in the row's order; empty where there are none. */
    Map<String, Double> numbers(String name) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        inner(name).values().forEach((key, value) -> {
            if (value instanceof Number number) numbers.put(key, number.doubleValue());
        });
        return numbers;
    }

    /** An object inside the row; empty where there is none. */
    Row inner(String name) {
        Map<String, Object> inner = new LinkedHashMap<>();
        if (values.get(name) instanceof Map<?, ?> map) map.forEach((key, value) -> inner.put(key.toString(), value));
        return new Row(inner);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Mean of what was measured; NaN if nothing was. */
    static double mean(List<Row> rows, String name) {
        return rows.stream()
                .mapToDouble(row -> row.number(name))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }
}
