package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has a table for every kind of row, and in it a line for every name that such a row may have. */
class MetricsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("tramontane.root"), "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** Stand in every row, and above the tables. */
    private static final Set<String> IN_EVERY_ROW = Set.of("time", "elapsedSeconds", "tokens");

    @Test
    void everyNameIsExplainedInTheTableOfItsKind() throws IOException {
        String page = Files.readString(PAGE);
        for (String name : IN_EVERY_ROW) assertTrue(page.contains("`" + name + "`"), name);
        assertTrue(MetricNames.byKind().keySet().containsAll(List.of("train", "eval", "end")));
        MetricNames.byKind().forEach((kind, metrics) -> {
            TreeSet<String> missing = new TreeSet<>();
            for (Metric metric : metrics) missing.add(metric.name().replace("<name>", "NAME"));
            assertTrue(missing.size() > IN_EVERY_ROW.size(), kind);
            missing.removeAll(IN_EVERY_ROW);
            for (String part : page.split("\n## "))
                if (part.contains("`kind` is `" + kind + "`")) missing.removeAll(explained(part));
            assertEquals(new TreeSet<>(), missing, "docs/metrics.md lacks these of rows of kind " + kind);
        });
    }

    @Test
    void aRowOfAnotherKindIsRefused() {
        assertEquals(
                "metrics row kind another, allowed start, train, eval, event, end",
                assertThrows(IllegalArgumentException.class, () -> MetricNames.check(Map.of("kind", "another")))
                        .getMessage());
    }

    /** Names in the first cells of a table, each with a meaning in the second. */
    private static List<String> explained(String part) {
        List<String> names = new ArrayList<>();
        for (String row : part.lines().filter(line -> line.startsWith("| `")).toList()) {
            String[] cells = row.split("\\|");
            assertTrue(!cells[2].isBlank(), "no meaning: " + row);
            Matcher name = NAME.matcher(cells[1]);
            while (name.find()) names.add(name.group(1));
        }
        return names;
    }
}
