package io.tramontane.app.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seconds of a step in the trainer rank that computes most.
 *
 * @param products of all passes over its share of the microbatches
 * @param optimizer reading and writing of AdamW's vectors
 * @param exchange with the other ranks
 * @param meanwhile whether ranks exchange blocks while they compute others, so that the slower of the two counts
 */
public record TrainingTime(double products, double optimizer, double exchange, boolean meanwhile) {
    /** All of it. */
    public double seconds() {
        return optimizer + (meanwhile ? Math.max(products, exchange) : products + exchange);
    }

    Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("products", products);
        parts.put("optimizer", optimizer);
        parts.put(meanwhile ? "exchange of the ranks meanwhile" : "exchange of the ranks", exchange);
        return parts;
    }
}
