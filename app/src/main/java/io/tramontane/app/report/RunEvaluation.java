package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One evaluation of a run.
 *
 * @param row its numbers; empty where there is none
 * @param problems the file with each problem; empty in runs of older versions
 */
record RunEvaluation(Row row, Optional<StoragePath> problems) {
    /** Of a step, or the newest one. */
    static RunEvaluation of(RunFolder folder, RunSummary summary, OptionalInt step) {
        Row row = summary.eval().stream()
                .filter(each -> step.isEmpty() || each.step() == step.getAsInt())
                .reduce((first, second) -> second)
                .orElse(new Row(Map.of()));
        if (row.isEmpty()) return new RunEvaluation(row, Optional.empty());
        return new RunEvaluation(
                row, Optional.ofNullable(EvaluationLog.files(folder).get(row.step())));
    }
}
