package io.tramontane.cluster.roles;

import io.tramontane.cluster.evaluation.Estimate;
import io.tramontane.cluster.evaluation.EvaluatedProblem;
import io.tramontane.cluster.evaluation.Evaluation;
import io.tramontane.data.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32C;

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

    /** One row for each problem with a verdict, for comparing two runs problem by problem. */
    static List<Map<String, Object>> problems(List<EvaluatedProblem> problems) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (EvaluatedProblem problem : problems) {
            Evaluation alone = new Evaluation(List.of(problem));
            if (alone.problems() == 0) continue;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("problemId", problem.problem().id());
            row.put("content", digest(problem.problem()));
            row.put("samples", alone.samples());
            row.put("correct", alone.passAt(1).value());
            row.put("inOneLanguage", alone.languageConsistency().value());
            row.put("length", alone.lengthMean());
            rows.add(row);
        }
        return rows;
    }

    private static String digest(Problem problem) {
        CRC32C crc = new CRC32C();
        String answer = problem.answer() == null ? "" : problem.answer();
        crc.update((problem.statement() + "\0" + answer).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
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
