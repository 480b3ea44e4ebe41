package io.tramontane.app.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.evaluation.Estimate;
import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.cluster.evaluation.Evaluation;
import io.tramontane.data.Completion;
import io.tramontane.data.JsonReading;
import io.tramontane.data.RewardBreakdown;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * An evaluation for people (tables) and programs (one JSON object).
 *
 * @param evaluation the statistics
 * @param settings what they depend on
 * @param model as the user named it
 * @param freeForm whether answers were judged whatever form the completion has
 */
record EvaluationTable(Evaluation evaluation, EvaluationSettings settings, String model, boolean freeForm) {
    private static final ObjectMapper JSON = JsonReading.mapper();

    /** Shares in percent with their 95 % intervals. */
    String text() {
        StringBuilder text = new StringBuilder(head());
        row(text, "pass@1", evaluation.passAt(1));
        int k = evaluation.samples();
        for (int power = 2; power < k; power *= 2) row(text, "pass@" + power, evaluation.passAt(power));
        if (k > 1) row(text, "pass@" + k, evaluation.passAt(k));
        if (k > 1) row(text, "maj@" + k, evaluation.majorityAt(k));
        row(text, "language consistency", evaluation.languageConsistency());
        row(text, "format", evaluation.formatOk());
        int longest = settings.plan().config().maxTokens();
        text.append(String.format(
                Locale.ROOT,
                "%-22s %6.1f tokens, %.1f %% cut at %d%n",
                "mean length",
                evaluation.lengthMean(),
                100 * evaluation.truncatedShare(),
                longest));
        text.append(formatHint());
        part(text, "language", evaluation.byLanguage());
        if (evaluation.bySource().size() > 1) part(text, "source", evaluation.bySource());
        if (evaluation.byLevel().size() > 1) part(text, "level", evaluation.byLevel());
        return text.toString();
    }

    private String head() {
        int n = settings.plan().samples();
        double temperature = settings.plan().config().temperature();
        String how = temperature == 0
                ? "greedy"
                : "temperature " + temperature + ", top-p "
                        + settings.plan().config().topP() + ", seed " + settings.seed();
        int unscored = evaluation.unscored();
        return evaluation.problems() + " problems, " + n + (n == 1 ? " sample" : " samples") + " each (" + how + ")"
                + (unscored == 0 ? "" : ", " + unscored + " samples could not be judged")
                + String.format(Locale.ROOT, "%n%-22s %8s  95 %% interval%n", "", "");
    }

    /** Where most samples fail the gate, pass@1 says little of what the model knows: which rule most of them break. */
    private String formatHint() {
        if (!(evaluation.formatOk().value() < 0.5)) return "";
        Map<String, Integer> reasons = new HashMap<>();
        for (EvaluatedProblem problem : evaluation.all())
            for (RewardBreakdown verdict : problem.verdicts())
                if (verdict.verdict() == RewardBreakdown.Verdict.FORMAT_ERROR)
                    reasons.merge(verdict.reason(), 1, Integer::sum);
        return reasons.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> String.format(
                        Locale.ROOT,
                        "%nMost samples fail the format gate: %d times \"%s\".%s%n",
                        most.getValue(),
                        most.getKey(),
                        freeForm ? "" : " --free-form judges their answers all the same."))
                .orElse("");
    }

    /** The same numbers, shares in [0, 1]. */
    String json() {
        return numbers().toString();
    }

    /** The numbers, and the verdict on every sample. */
    String everything() {
        ObjectNode json = numbers();
        ArrayNode problems = json.putArray("perProblem");
        for (EvaluatedProblem problem : evaluation.all()) problems.add(verdicts(problem));
        return json.toString();
    }

    private ObjectNode numbers() {
        ObjectNode json = numbers(evaluation);
        json.put("unscored", evaluation.unscored());
        parts(json.putObject("byLanguage"), evaluation.byLanguage());
        parts(json.putObject("bySource"), evaluation.bySource());
        parts(json.putObject("byLevel"), evaluation.byLevel());
        json.put("model", model);
        json.put("freeForm", freeForm);
        json.set("settings", JSON.valueToTree(settings.values()));
        return json;
    }

    private static void parts(ObjectNode json, Map<?, Evaluation> parts) {
        parts.forEach((name, part) -> json.set(String.valueOf(name), numbers(part)));
    }

    private static ObjectNode numbers(Evaluation part) {
        ObjectNode json = JSON.createObjectNode();
        json.put("problems", part.problems());
        int k = part.samples();
        json.put("samples", k);
        for (int power = 1; power < k; power *= 2) put(json, "pass@" + power, part.passAt(power));
        if (k > 0) put(json, "pass@" + k, part.passAt(k));
        for (int power = 2; power < k; power *= 2) put(json, "maj@" + power, part.majorityAt(power));
        if (k > 1) put(json, "maj@" + k, part.majorityAt(k));
        put(json, "languageConsistency", part.languageConsistency());
        put(json, "formatOk", part.formatOk());
        if (part.problems() > 0) json.put("lengthMean", part.lengthMean()).put("truncatedShare", part.truncatedShare());
        return json;
    }

    /** Nothing where there is nothing to average. */
    private static void put(ObjectNode json, String name, Estimate estimate) {
        if (Double.isNaN(estimate.value())) return;
        ObjectNode node = json.putObject(name).put("value", estimate.value());
        if (estimate.hasInterval()) node.put("low", estimate.low()).put("high", estimate.high());
    }

    private static ObjectNode verdicts(EvaluatedProblem problem) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", problem.problem().id());
        json.put("language", problem.problem().language());
        json.put("source", problem.source());
        json.put("level", problem.problem().level());
        json.put("answer", problem.problem().answer());
        for (int i = 0; i < problem.verdicts().size(); i++) {
            RewardBreakdown verdict = problem.verdicts().get(i);
            Completion completion = problem.group().completions().get(i);
            ObjectNode sample = json.withArray("samples").addObject();
            sample.put("verdict", verdict.verdict().name());
            sample.put("extracted", verdict.extracted());
            sample.put("reason", verdict.reason());
            sample.put("tokens", completion.length());
            sample.put("finished", completion.finished());
        }
        return json;
    }

    private static void row(StringBuilder text, String name, Estimate estimate) {
        if (Double.isNaN(estimate.value())) return;
        text.append(String.format(
                Locale.ROOT,
                "%-22s %6.1f %%  %s%n",
                name,
                100 * estimate.value(),
                interval(estimate, "one problem: no interval")));
    }

    private static String interval(Estimate estimate, String none) {
        return estimate.hasInterval()
                ? String.format(Locale.ROOT, "[%.1f, %.1f]", 100 * estimate.low(), 100 * estimate.high())
                : none;
    }

    private static void part(StringBuilder text, String name, Map<?, Evaluation> parts) {
        text.append(String.format(
                Locale.ROOT,
                "%n%-20s %9s %20s %14s %12s%n",
                "by " + name,
                "problems",
                "pass@1",
                "consistent",
                "length"));
        parts.forEach((key, part) -> {
            Estimate pass = part.passAt(1);
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s %9d %6.1f %% %12s %12.1f %% %12.1f%n",
                    key,
                    part.problems(),
                    100 * pass.value(),
                    interval(pass, "–"),
                    100 * part.languageConsistency().value(),
                    part.lengthMean()));
        });
    }
}
