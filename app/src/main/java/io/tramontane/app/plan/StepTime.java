package io.tramontane.app.plan;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Seconds of a step: with roles side by side those of the slowest, with {@code cluster.maxLag} 0 of all of them in turn.
 *
 * @param training of a trainer rank
 * @param generation of a generator
 * @param sending new weights to all generators
 * @param inTurn whether the roles wait for each other
 */
public record StepTime(TrainingTime training, GenerationTime generation, double sending, boolean inTurn) {
    /** Of the whole step. */
    public double seconds() {
        double each = training.seconds() + generation.seconds() + sending;
        return inTurn ? each : Math.max(sending, Math.max(training.seconds(), generation.seconds()));
    }

    /** The role with the most time and the largest part of it. */
    public String limit() {
        if (sending > training.seconds() && sending > generation.seconds()) return "network: sending weights";
        boolean trainer = training.seconds() >= generation.seconds();
        Map<String, Double> parts = trainer ? training.parts() : generation.parts();
        String part = parts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        return (trainer ? "trainer: " : "generators: ") + part;
    }

    /** For a person. */
    public String text() {
        Map<String, Double> send = new LinkedHashMap<>(Map.of("sending weights", sending));
        return String.format(
                Locale.ROOT,
                "%s (%s): trainer %s, generators %s%s; limit: %s",
                Amount.seconds(seconds()),
                inTurn ? "one role after the other" : "roles side by side",
                part(training.seconds(), training.parts()),
                part(generation.seconds(), generation.parts()),
                sending > 0 ? ", " + named(send) : "",
                limit());
    }

    private static String part(double seconds, Map<String, Double> parts) {
        return Amount.seconds(seconds) + " (" + named(parts) + ")";
    }

    private static String named(Map<String, Double> parts) {
        return parts.entrySet().stream()
                .filter(part -> part.getValue() > 0)
                .map(part -> part.getKey() + " " + Amount.seconds(part.getValue()))
                .collect(Collectors.joining(", "));
    }
}
