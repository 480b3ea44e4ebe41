package io.tramontane.cluster.roles;

import io.tramontane.data.Completion;
import io.tramontane.data.Problem;
import io.tramontane.data.RewardBreakdown;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Means over evaluated completions. UNSCORED ones count nowhere. */
final class EvaluationTally {
    private static final class Mean {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        double value() {
            return count == 0 ? Double.NaN : sum / count;
        }
    }

    private final Mean correctness = new Mean();
    private final Mean language = new Mean();
    private final Mean format = new Mean();
    private final Mean length = new Mean();
    private final Map<String, Mean> byLanguage = new TreeMap<>();
    private final Map<String, Mean> byLevel = new TreeMap<>();
    private final Map<String, Mean> languageByLanguage = new TreeMap<>();

    void add(Problem problem, Completion completion, RewardBreakdown reward) {
        if (reward.reward().isEmpty()) return;
        double correct = reward.correctness() > 0 ? 1 : 0;
        double consistent = reward.language() > 0 ? 1 : 0;
        correctness.add(correct);
        language.add(consistent);
        format.add(reward.format() > 0 ? 1 : 0);
        length.add(completion.length());
        mean(byLanguage, problem.language()).add(correct);
        mean(languageByLanguage, problem.language()).add(consistent);
        if (problem.level() > 0)
            mean(byLevel, Integer.toString(problem.level())).add(correct);
    }

    private static Mean mean(Map<String, Mean> means, String key) {
        return means.computeIfAbsent(key, k -> new Mean());
    }

    /** The names of metrics.jsonl; shares in [0, 1], length in tokens. */
    Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("problems", correctness.count);
        row.put("correctness", correctness.value());
        row.put("languageConsistency", language.value());
        row.put("formatOk", format.value());
        row.put("lengthMean", length.value());
        row.put("byLanguage", values(byLanguage));
        row.put("byLevel", values(byLevel));
        row.put("languageByLanguage", values(languageByLanguage));
        return row;
    }

    private static Map<String, Object> values(Map<String, Mean> means) {
        Map<String, Object> values = new LinkedHashMap<>();
        means.forEach((key, mean) -> values.put(key, mean.value()));
        return values;
    }
}
