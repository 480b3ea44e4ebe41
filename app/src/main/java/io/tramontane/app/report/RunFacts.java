package io.tramontane.app.report;

import io.tramontane.rewards.RewardWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The facts about a run at the head of its page: model, data, seed, start, host, version.
 *
 * @param config values by path
 * @param start newest row of kind "start"; empty in runs of older versions
 */
record RunFacts(Map<String, String> config, Row start) {
    /** Texts by label; empty where something is not known. */
    Map<String, String> facts(RunSummary summary) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", value("model"));
        facts.put("trained on", value("data.train"));
        facts.put("evaluated on", value("data.evaluation"));
        facts.put("seed", value("seed"));
        facts.put("started", first(summary).text("time").replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC"));
        facts.put("host", start.text("host"));
        facts.put("Tramontane", version());
        return facts;
    }

    /** "greedy", or how held-out problems are sampled. */
    static String evaluationMode(Map<String, String> config) {
        String temperature = config.getOrDefault("evaluation.temperature", "0");
        String samples = config.getOrDefault("evaluation.samples", "1");
        if (temperature.matches("0(\\.0*)?")) return "greedy";
        return samples + (samples.equals("1") ? " sample" : " samples") + " each at temperature " + temperature;
    }

    /** What each part of the reward is worth; the defaults where the run's config does not say, as in runs of older versions. */
    static RewardWeights weights(Map<String, String> config) {
        RewardWeights usual = RewardWeights.defaults();
        return new RewardWeights(
                weight(config, "format", usual.format()),
                weight(config, "correctness", usual.correctness()),
                weight(config, "length", usual.length()),
                weight(config, "language", usual.language()));
    }

    private static double weight(Map<String, String> config, String part, double usual) {
        String value = config.get("rewards.weights." + part);
        return value == null ? usual : Double.parseDouble(value);
    }

    private static Row first(RunSummary summary) {
        return summary.marks().stream()
                .filter(row -> row.text("kind").equals("start"))
                .findFirst()
                .orElse(new Row(Map.of()));
    }

    private String version() {
        String commit = start.text("commit");
        return start.text("version") + (commit.isEmpty() ? "" : " (" + commit + ")");
    }

    private String value(String path) {
        return config.getOrDefault(path, "");
    }
}
