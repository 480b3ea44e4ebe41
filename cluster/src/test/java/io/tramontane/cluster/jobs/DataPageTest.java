package io.tramontane.cluster.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.files.Columns;
import io.tramontane.data.CompletionFiles;
import io.tramontane.data.Problem;
import io.tramontane.data.ProblemFiles;
import io.tramontane.data.ProblemJson;
import io.tramontane.data.RewardBreakdown.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/data.md are what the program reads and writes, and no field of these is missing on the page. */
class DataPageTest {
    private static final Path PAGE = Path.of(System.getProperty("tramontane.root"), "docs", "data.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private static String examples(String kind) throws IOException {
        Matcher block = Pattern.compile("(?s)```jsonl " + kind + "\n(.*?)```").matcher(Files.readString(PAGE));
        StringBuilder lines = new StringBuilder();
        while (block.find()) lines.append(block.group(1));
        assertTrue(!lines.isEmpty(), "no block of " + kind);
        return lines.toString();
    }

    private static void explained(JsonNode object) throws IOException {
        String page = Files.readString(PAGE);
        object.fieldNames().forEachRemaining(name -> assertTrue(page.contains("`" + name + "`"), name));
    }

    @Test
    void theProblemsAreReadAndEveryFieldIsExplained() throws IOException {
        Path file = Files.writeString(folder.resolve("P.jsonl"), examples("problems"));
        List<Problem> problems = ProblemFiles.read(file);
        assertEquals(6, problems.size());
        for (Problem problem : problems) explained(JSON.readTree(ProblemJson.write(problem)));
        assertEquals(2, ReferenceSolutions.of(problems.get(4)).runnable().size());
    }

    @Test
    void theCompletionsAreRead() throws IOException {
        Path file = Files.writeString(folder.resolve("C.jsonl"), examples("completions"));
        assertEquals(2, CompletionFiles.read(file, Set.of("shop/1")).size());
    }

    @Test
    void theScoreHasEveryFieldInItsOrder() throws IOException {
        JsonNode score = JSON.readTree(examples("scores"));
        List<String> fields = new ArrayList<>();
        score.fieldNames().forEachRemaining(fields::add);
        assertEquals(ScoreLine.COLUMNS.list().stream().map(Columns.Column::name).toList(), fields);
        explained(score);
        explained(score.path("evidence"));
    }

    @Test
    void everyVerdictIsNamed() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> missing = new HashSet<>();
        for (Verdict verdict : Verdict.values()) if (!page.contains(verdict.name())) missing.add(verdict.name());
        assertEquals(Set.of(), missing);
    }
}
