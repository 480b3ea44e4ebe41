package io.tramontane.app.plan;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Seconds that a generator samples for a step. Products and reading go on at the same time, the slower one counts.
 *
 * @param products of decoding
 * @param reading weights once for every token step, keys and values of the live sequences
 * @param launches what token steps take besides
 * @param prefill products of prompts
 */
public record GenerationTime(double products, double reading, double launches, double prefill) {
    /** All of it. */
    public double seconds() {
        return Math.max(products, reading) + launches + prefill;
    }

    Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        if (products >= reading) parts.put("products of decoding", products);
        else parts.put("reading weights, keys and values", reading);
        parts.put("launches", launches);
        parts.put("prefill", prefill);
        return parts;
    }
}
