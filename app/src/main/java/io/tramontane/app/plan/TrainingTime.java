package io.tramontane.app.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seconds of a step in a trainer rank, one after the other.
 *
 * @param products of all passes over its share of the microbatches
 * @param optimizer reading and writing of AdamW's vectors
 * @param exchange of gradients with the other ranks
 */
public record TrainingTime(double products, double optimizer, double exchange) {
    /** All of it. */
    public double seconds() {
        return products + optimizer + exchange;
    }

    Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("products", products);
        parts.put("optimizer", optimizer);
        parts.put("gradients of the ranks", exchange);
        return parts;
    }
}
