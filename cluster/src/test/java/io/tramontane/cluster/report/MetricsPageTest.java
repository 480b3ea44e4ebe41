package io.tramontane.cluster.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has a line for every name of {@link MetricNames}, in the table of its kind. */
class MetricsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("tramontane.root"), "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @Test
    void everyNameIsExplainedInTheTableOfItsKind() throws IOException {
        String[] parts = Files.readString(PAGE).split("\n## ");
        assertEquals(4, parts.length, "head, steps, evaluations, the last row");
        Map<Integer, List<String>> kinds = Map.of(1, MetricNames.TRAIN, 2, MetricNames.EVAL, 3, MetricNames.END);
        kinds.forEach((part, names) -> {
            TreeSet<String> missing = new TreeSet<>(names);
            missing.removeAll(explained(parts[part]));
            assertEquals(
                    new TreeSet<>(),
                    missing,
                    "docs/metrics.md lacks these under " + parts[part].lines().findFirst());
        });
    }

    /** Names in the first cells of a table, each with a meaning in the second. */
    private static List<String> explained(String part) {
        List<String> names = new ArrayList<>();
        for (String row : part.lines().filter(line -> line.startsWith("| `")).toList()) {
            String[] cells = row.split("\\|");
            if (cells[2].isBlank()) throw new AssertionError("no meaning: " + row);
            Matcher name = NAME.matcher(cells[1]);
            while (name.find()) names.add(name.group(1));
        }
        return names;
    }
}
