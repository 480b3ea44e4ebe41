package io.tramontane.app.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** What {@code GET /metrics} says, in Prometheus' text form 0.0.4. */
final class ServeMetrics {
    private static final String PREFIX = "tramontane_serve_";

    final LongAdder promptTokens = new LongAdder();
    final LongAdder completionTokens = new LongAdder();
    final LongAdder hangUps = new LongAdder();
    final LongAdder turnedAway = new LongAdder();
    final LongAdder swaps = new LongAdder();
    final Histogram firstToken = new Histogram();
    final Histogram duration = new Histogram();
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final Map<String, Reading> readings = new LinkedHashMap<>();

    private record Reading(String type, String help, DoubleSupplier value) {}

    /** A number that is asked for at the moment; all are added before the server listens. */
    void gauge(String name, String help, DoubleSupplier value) {
        readings.put(name, new Reading("gauge", help, value));
    }

    /** The same for one that never falls. */
    void total(String name, String help, DoubleSupplier value) {
        readings.put(name + "_total", new Reading("counter", help, value));
    }

    /** An answer with a status of HTTP; the path is one that we know. */
    void answered(String path, int status) {
        answers.computeIfAbsent("path=\"" + path + "\",status=\"" + status + "\"", key -> new LongAdder())
                .increment();
    }

    /** The page. */
    String text() {
        StringBuilder text = new StringBuilder();
        head(text, "requests_total", "counter", "Answered requests by path and status.");
        new TreeMap<>(answers).forEach((labels, count) -> text.append(PREFIX)
                .append("requests_total{")
                .append(labels)
                .append("} ")
                .append(count.sum())
                .append('\n'));
        counter(text, "prompt_tokens_total", "Tokens of accepted prompts.", promptTokens);
        counter(text, "completion_tokens_total", "Sampled tokens of accepted requests.", completionTokens);
        counter(text, "hang_ups_total", "Requests that ended because the client hung up.", hangUps);
        counter(text, "turned_away_total", "Requests that were turned away because the queue was full.", turnedAway);
        counter(text, "weight_swaps_total", "Swaps of the weights in flight.", swaps);
        readings.forEach((name, reading) -> {
            head(text, name, reading.type(), reading.help());
            text.append(PREFIX)
                    .append(name)
                    .append(' ')
                    .append(plain(reading.value().getAsDouble()))
                    .append('\n');
        });
        histogram(text, "first_token_seconds", "From a request's arrival to its first token.", firstToken);
        histogram(text, "request_seconds", "From a request's arrival to its last token.", duration);
        return text.toString();
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static void counter(StringBuilder text, String name, String help, LongAdder value) {
        head(text, name, "counter", help);
        text.append(PREFIX).append(name).append(' ').append(value.sum()).append('\n');
    }

    private static void histogram(StringBuilder text, String name, String help, Histogram values) {
        head(text, name, "histogram", help);
        values.write(PREFIX + name, text);
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE ")
                .append(PREFIX)
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }
}
