package io.tramontane.cluster.roles;

import io.tramontane.trainer.Estimate;
import io.tramontane.trainer.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** An evaluation's statistics, those of the command {@code evaluate}, under the names of metrics.jsonl. */
final class EvaluationRow {
    private EvaluationRow() {}

    /** Shares in [0, 1], length in tokens. */
    static Map<String, Object> of(Evaluation evaluation) {
        Map<String, Object> row = new LinkedHashMap<>();
        Estimate correctness = evaluation.passAt(1);
        row.put("problems", evaluation.problems());
        row.put("samples", evaluation.samples());
        row.put("correctness", correctness.value());
        row.put("correctnessLow", correctness.low());
        row.put("correctnessHigh", correctness.high());
        if (evaluation.samples() > 1) {
            row.put("passAtSamples", evaluation.passAt(evaluation.samples()).value());
            row.put("majority", evaluation.majorityAt(evaluation.samples()).value());
        }
        row.put("languageConsistency", evaluation.languageConsistency().value());
        row.put("formatOk", evaluation.formatOk().value());
        row.put("truncatedShare", evaluation.truncatedShare());
        row.put("lengthMean", evaluation.lengthMean());
        row.put("unscored", evaluation.unscored());
        row.put("byLanguage", values(evaluation.byLanguage(), part -> part.passAt(1)));
        Map<Integer, Evaluation> levels = evaluation.byLevel();
        levels.remove(0);
        row.put("byLevel", values(levels, part -> part.passAt(1)));
        row.put("languageByLanguage", values(evaluation.byLanguage(), Evaluation::languageConsistency));
        return row;
    }

    private static Map<String, Object> values(Map<?, Evaluation> parts, Function<Evaluation, Estimate> value) {
        Map<String, Object> values = new LinkedHashMap<>();
        parts.forEach((key, part) -> {
            if (part.problems() > 0)
                values.put(String.valueOf(key), value.apply(part).value());
        });
        return values;
    }
}
