package io.tramontane.app.experiment;

import io.tramontane.app.report.ReportPage;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The page of an experiment: one HTML file that loads nothing, with the question, the findings, the table and all curves. */
final class ExperimentPage {
    private static final List<String> PROGRAM = List.of("tables.js", "charts.js", "plane.js", "experiment.js");

    private ExperimentPage() {}

    static String html(ExperimentResult result) throws IOException {
        Map<String, Object> data = result.toMap();
        data.put("charts", result.experiment().charts());
        data.put(
                "shares",
                result.experiment().charts().stream()
                        .filter(name -> Metric.of("train." + name).isShare())
                        .toList());
        data.put("axis", result.experiment().axis());
        data.put(
                "columns",
                result.experiment().table().stream()
                        .map(name -> Metric.of(name).label())
                        .toList());
        data.put("rows", ExperimentTable.rows(result));
        return ReportPage.page(
                "experiment.html", result.experiment().name(), PROGRAM, ExperimentResult.plain(data), "");
    }
}
