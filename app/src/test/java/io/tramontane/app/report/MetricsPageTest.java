package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/metrics.md has a table for every kind of row, and in it a line for every name that such a row must have. */
class MetricsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("tramontane.root"), "docs", "metrics.md");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @Test
    void everyNameIsExplainedInTheTableOfItsKind() throws IOException {
        String[] parts = Files.readString(PAGE).split("\n## ");
        List<String> kinds = kinds();
        assertTrue(kinds.containsAll(List.of("train", "eval", "end")), kinds.toString());
        for (String kind : kinds) {
            TreeSet<String> missing = new TreeSet<>(names(kind));
            assertTrue(!missing.isEmpty(), kind);
            for (String part : parts) if (part.contains("`kind` is `" + kind + "`")) missing.removeAll(explained(part));
            assertEquals(new TreeSet<>(), missing, "docs/metrics.md lacks these of rows of kind " + kind);
        }
    }

    /** All kinds, as the refusal of another one lists them. */
    private static List<String> kinds() {
        String refusal = assertThrows(
                        IllegalArgumentException.class, () -> MetricNames.check(Map.of("kind", "another")))
                .getMessage();
        return List.of(refusal.substring(refusal.indexOf("allowed ") + 8).split(", "));
    }

    /** Names that a row of a kind must have: the refusals name one after the other. */
    private static List<String> names(String kind) {
        List<String> names = new ArrayList<>();
        Map<String, Object> row = new HashMap<>(Map.of("kind", kind));
        while (true) {
            try {
                MetricNames.check(row);
                return names;
            } catch (IllegalArgumentException e) {
                Matcher lacking = Pattern.compile(" lacks ([^:]+):").matcher(e.getMessage());
                assertTrue(lacking.find(), e.getMessage());
                names.add(lacking.group(1));
                row.put(lacking.group(1), null);
            }
        }
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
