package io.tramontane.app.plan;

import io.tramontane.model.RankTraffic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Bytes that a trainer rank sends to the others in a step.
 *
 * @param allReduce gradients that every rank needs
 * @param reduceScatter gradients, each of which one rank needs
 * @param allGather weights that every rank needs
 */
public record RankBytes(double allReduce, double reduceScatter, double allGather) {
    /** One of some ranks. */
    static RankBytes of(RankTraffic traffic, int ranks) {
        double sent = (double) Float.BYTES * (ranks - 1) / ranks;
        return new RankBytes(2 * sent * traffic.allReduced(), sent * traffic.reduced(), sent * traffic.gathered());
    }

    /** All of them. */
    public double total() {
        return allReduce + reduceScatter + allGather;
    }

    String text() {
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("all-reduce", allReduce);
        parts.put("reduce-scatter", reduceScatter);
        parts.put("all-gather", allGather);
        return parts.entrySet().stream()
                .filter(part -> part.getValue() > 0)
                .map(part -> part.getKey() + " " + Amount.bytes(part.getValue()))
                .collect(Collectors.joining(", "));
    }
}
