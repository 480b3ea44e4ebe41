package io.tramontane.app.experiment;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.report.ReportPage;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of an experiment: one HTML file that loads nothing, with the question, the findings, the table and all curves. */
final class ExperimentPage {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final List<String> PROGRAM = List.of("tables.js", "charts.js", "experiment.js");

    private ExperimentPage() {}

    static String html(ExperimentResult result) throws IOException {
        Map<String, Object> data = result.toMap();
        data.put("charts", result.experiment().charts());
        data.put("axis", result.experiment().axis());
        data.put(
                "columns",
                result.experiment().table().stream()
                        .map(name -> Metric.of(name).label())
                        .toList());
        data.put("rows", ExperimentTable.rows(result));
        // As plain values, which the page's writer knows.
        Map<String, Object> plain = JSON.convertValue(
                ExperimentResult.finite(JSON.valueToTree(data)), new TypeReference<LinkedHashMap<String, Object>>() {});
        return ReportPage.page("experiment.html", result.experiment().name(), PROGRAM, plain, "");
    }
}
