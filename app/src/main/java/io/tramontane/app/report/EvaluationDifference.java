package io.tramontane.app.report;

import io.tramontane.cluster.evaluation.Estimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The difference between the evaluations of two runs. Where both kept the results of each problem, the difference is
 * taken problem by problem, over the problems that both have, with a bootstrap interval over problems; that is sharper than
 * comparing two shares, because a hard problem is hard for both. Otherwise the two shares are compared by Newcombe's interval.
 *
 * @param problems how many the difference is over
 * @param paired problem by problem
 * @param correctness after minus before, in [-1, 1]
 * @param inOneLanguage the same of language consistency
 * @param length the same of the mean length, in tokens
 * @param better problems that are right more often than before
 * @param worse problems that are right less often
 */
record EvaluationDifference(
        int problems,
        boolean paired,
        Estimate correctness,
        Estimate inOneLanguage,
        double length,
        int better,
        int worse) {

    /** Of two evaluations; empty where one of them is missing. */
    static Optional<EvaluationDifference> of(RunEvaluation before, RunEvaluation after) {
        if (before.row().isEmpty() || after.row().isEmpty()) return Optional.empty();
        Map<String, Row> first = problems(before);
        Map<String, Row> second = problems(after);
        first.keySet().retainAll(second.keySet());
        second.keySet().retainAll(first.keySet());
        return Optional.of(first.isEmpty() ? unpaired(before.row(), after.row()) : paired(first, second));
    }

    private static EvaluationDifference paired(Map<String, Row> before, Map<String, Row> after) {
        double[] correct = new double[before.size()];
        double[] language = new double[before.size()];
        double length = 0;
        int better = 0;
        int worse = 0;
        int i = 0;
        for (Map.Entry<String, Row> each : before.entrySet()) {
            Row other = after.get(each.getKey());
            correct[i] = change(each.getValue(), other, "correct");
            language[i] = change(each.getValue(), other, "inOneLanguage");
            length += change(each.getValue(), other, "length") / before.size();
            if (correct[i] > 0) better++;
            if (correct[i] < 0) worse++;
            i++;
        }
        return new EvaluationDifference(
                before.size(),
                true,
                Estimate.ofDifferences(correct),
                Estimate.ofDifferences(language),
                length,
                better,
                worse);
    }

    private static EvaluationDifference unpaired(Row before, Row after) {
        int problems = (int) Math.min(before.number("problems"), after.number("problems"));
        return new EvaluationDifference(
                problems,
                false,
                newcombe(before, after, "correctness"),
                newcombe(before, after, "languageConsistency"),
                change(before, after, "lengthMean"),
                0,
                0);
    }

    private static Estimate newcombe(Row before, Row after, String name) {
        double first = before.number(name);
        double second = after.number(name);
        double cases = before.number("problems");
        double casesAfter = after.number("problems");
        return new Estimate(
                second - first,
                -Wilson.mostChange(second, casesAfter, first, cases),
                Wilson.mostChange(first, cases, second, casesAfter));
    }

    private static double change(Row before, Row after, String name) {
        return after.number(name) - before.number(name);
    }

    /** By what identifies a problem: its id and a digest of its content. */
    private static Map<String, Row> problems(RunEvaluation evaluation) {
        Map<String, Row> problems = new LinkedHashMap<>();
        if (evaluation.problems().isEmpty()) return problems;
        try {
            for (Map<String, Object> values : RowFile.read(evaluation.problems().get())) {
                Row row = new Row(values);
                problems.put(row.text("problemId") + " " + row.text("content"), row);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return problems;
    }

    /** As JSON. */
    Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("problems", problems);
        map.put("paired", paired);
        map.put("correctness", estimate(correctness));
        map.put("languageConsistency", estimate(inOneLanguage));
        map.put("lengthMean", length);
        if (paired) map.put("better", better);
        if (paired) map.put("worse", worse);
        return map;
    }

    private static Map<String, Object> estimate(Estimate estimate) {
        Map<String, Object> map = new HashMap<>();
        map.put("value", estimate.value());
        map.put("low", estimate.low());
        map.put("high", estimate.high());
        return map;
    }
}
