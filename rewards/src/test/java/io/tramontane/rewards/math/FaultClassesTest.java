package io.tramontane.rewards.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Kinds of faults that public bug reports had shown (M1 to M12), in members of our own making, {@code
 * fault-classes.tsv}, and in the reported ones under {@code ../shared/data/public-cases}. A line end is written
 * {@code \u240A} in the table.
 */
class FaultClassesTest {
    private static final Path REPORTED = ForeignCase.FOLDER.resolveSibling("public-cases");
    private static final int FEWEST = 15;

    @Test
    void everyMemberOfEveryClassIsDecidedAsAPersonWould() {
        List<String> wrong = new ArrayList<>();
        for (CorpusTest.Pair pair : CorpusTest.Pair.of("fault-classes.tsv")) {
            Judgement found = MathAnswers.judge(lines(pair.reference()), lines(pair.answer()));
            if (found.equal() != pair.equal()) wrong.add(pair + " was " + found.rule());
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyClassHasMembersThatAreEqualAndSuchThatAreNot() {
        Map<String, int[]> counts = new HashMap<>();
        for (CorpusTest.Pair pair : CorpusTest.Pair.of("fault-classes.tsv"))
            counts.computeIfAbsent(pair.group(), group -> new int[2])[pair.equal() ? 1 : 0]++;
        assertEquals(
                new TreeSet<>(List.of("M1", "M2", "M3", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "guess", "style")),
                new TreeSet<>(counts.keySet()));
        counts.forEach((group, count) ->
                assertTrue(count[0] + count[1] >= FEWEST && count[0] > 4 && count[1] > 4, group + " is small"));
    }

    @Test
    void everyReportedCaseComesOutRight() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(REPORTED), "no reported cases at " + REPORTED);
        List<String> problems = Files.readAllLines(REPORTED.resolve("problems.jsonl"));
        List<String> completions = Files.readAllLines(REPORTED.resolve("completions.jsonl"));
        Map<String, String> right = new HashMap<>();
        for (String line : Files.readAllLines(REPORTED.resolve("expected.tsv")))
            right.put(line.split("\t")[0], line.split("\t")[2]);
        ObjectMapper json = new ObjectMapper();
        List<String> wrong = new ArrayList<>();
        int judged = 0;
        for (int i = 0; i < problems.size(); i++) {
            var problem = json.readTree(problems.get(i));
            if (!problem.get("kind").asText().equals("math")) continue;
            String text = json.readTree(completions.get(i)).get("completion").asText();
            int open = text.lastIndexOf("\\boxed{") + "\\boxed".length();
            String answer = text.substring(open + 1, CleanText.closingBrace(text, open));
            String expected = right.getOrDefault(problem.get("id").asText(), "");
            if (!List.of("equal", "not equal").contains(expected)) continue; // a case of languages
            boolean equal =
                    MathAnswers.judge(problem.get("answer").asText(), answer).equal();
            if (equal != "equal".equals(expected)) wrong.add(problem.get("id").asText());
            judged++;
        }
        assertEquals(111, judged);
        assertEquals(List.of(), wrong);
    }

    private static String lines(String cell) {
        return cell.replace('\u240A', '\n');
    }
}
