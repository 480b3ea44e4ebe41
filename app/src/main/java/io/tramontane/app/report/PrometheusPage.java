package io.tramontane.app.report;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest value of every number as Prometheus text (exposition format 0.0.4) at /metrics of a loopback port: {@code
 * train/entropy} is the gauge {@code tramontane_train_entropy}, {@code eval/byLanguage/fr} is {@code
 * tramontane_eval_byLanguage{part="fr"}}.
 */
final class PrometheusPage implements MetricWriter {
    private final TreeMap<String, TreeMap<String, Double>> families = new TreeMap<>();
    private final Map<String, String> helpTexts = new TreeMap<>();
    private final Loopback server;

    PrometheusPage(int port) throws IOException {
        server = new Loopback(
                "prometheus", port, Map.of("/metrics", new Loopback.Answer("text/plain; version=0.0.4", this::text)));
    }

    int port() {
        return server.port();
    }

    @Override
    public synchronized void scalars(Instant time, long step, Map<String, Double> values) {
        put(new String[] {"train", "step"}, values.isEmpty() ? 0 : step);
        values.forEach((tag, value) -> put(tag.split("/", 3), value));
    }

    private void put(String[] tag, double value) {
        String family = ("tramontane_" + tag[0] + "_" + tag[1]).replaceAll("[^a-zA-Z0-9_]", "_");
        MetricNames.find(tag[0], tag[1])
                .ifPresent(metric -> helpTexts.put(
                        family, metric.meaning() + (metric.unit().isEmpty() ? "" : " Unit: " + metric.unit() + ".")));
        String part = tag.length < 3 ? "" : "{part=\"" + escaped(tag[2]) + "\"}";
        families.computeIfAbsent(family, f -> new TreeMap<>()).put(part, value);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    synchronized String text() {
        StringBuilder text = new StringBuilder();
        families.forEach((family, parts) -> {
            if (helpTexts.containsKey(family))
                text.append("# HELP ")
                        .append(family)
                        .append(' ')
                        .append(helpTexts.get(family))
                        .append('\n');
            text.append("# TYPE ").append(family).append(" gauge\n");
            parts.forEach((part, value) ->
                    text.append(family).append(part).append(' ').append(value).append('\n'));
        });
        return text.toString();
    }

    @Override
    public void restartAt(long firstStep) {}

    @Override
    public void close() {
        server.close();
    }
}
