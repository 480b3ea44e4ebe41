package io.tramontane.app.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.CompletionFiles;
import io.tramontane.data.CompletionRow;
import io.tramontane.data.ProblemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindingsTest {
    @Test
    void aQuantileIsAValueThatWasMeasured() {
        double[] ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        assertEquals(5, Findings.quantile(ten, 0.5));
        assertEquals(10, Findings.quantile(ten, 0.99));
        assertEquals(10, Findings.quantile(ten, 1));
        assertEquals(1, Findings.quantile(ten, 0));
    }

    @Test
    void linesArePassedOnAtOnceAndTheMachineIsNamed() {
        List<String> lines = new ArrayList<>();
        Findings findings = new Findings("rewards", lines::add);
        findings.print("%.1f of %d", 0.25, 3);
        assertEquals(List.of("0.3 of 3"), lines);
        assertTrue(findings.json().path("machine").path("cores").asInt() > 0);
    }

    @Test
    void theMixedFileHasTheProgramsSpreadOverItAndNoneTwice(@TempDir Path folder) throws IOException {
        MixedFile.write(folder, 90, 10);
        Set<String> ids = ProblemFiles.read(folder.resolve("P.jsonl")).stream()
                .map(problem -> problem.id())
                .collect(Collectors.toSet());
        List<CompletionRow> rows = CompletionFiles.read(folder.resolve("C.jsonl"), ids);
        assertEquals(100, rows.size());
        List<String> programs = rows.stream()
                .filter(row -> !row.problemId().startsWith("m"))
                .map(CompletionRow::completion)
                .toList();
        assertEquals(10, programs.size());
        assertEquals(10, Set.copyOf(programs).size());
        assertEquals(
                2, programs.stream().filter(text -> text.contains("```cpp")).count());
        assertEquals("python", rows.get(99).problemId());
    }
}
