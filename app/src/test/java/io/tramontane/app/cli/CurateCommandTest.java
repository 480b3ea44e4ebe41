package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.rewards.ProgramRuns;
import io.tramontane.rewards.RewardConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DOUBLE = "print(2 * int(input()))\n";
    private static final String DOUBLE_CPP =
            "#include <iostream>\nint main() { long n; std::cin >> n; std::cout << 2 * n; }\n";
    private static final String TRIPLE = "print(3 * int(input()))\n";
    private static final String PYTHON_2 = "print 2 * int(raw_input())\n";

    @TempDir
    Path folder;

    private final StringBuilder problems = new StringBuilder();

    @BeforeAll
    static void aSandbox() {
        try (ProgramRuns programs = ProgramRuns.open(RewardConfig.defaults())) {
            if (programs.available()) return;
            if ("1".equals(System.getenv("TRAMONTANE_REQUIRE_SANDBOX")))
                Assertions.fail("the sandbox is required: " + programs.unavailableReason());
            Assumptions.abort("no sandbox: " + programs.unavailableReason());
        }
    }

    @Test
    void referenceSolutionsKeepDropAndRewriteTests() throws IOException {
        // tests 0 to 4 are right, 5 has a wrong output that no solution prints
        ObjectNode sum = problem("sum", DOUBLE, DOUBLE, DOUBLE_CPP, DOUBLE);
        for (int n = 1; n <= 5; n++) test(sum, n, 2 * n);
        test(sum, 6, 13);
        add(sum);
        ObjectNode disputed = problem("disputed", DOUBLE, TRIPLE);
        for (int n = 0; n < 6; n++) test(disputed, n, 2 * n); // of 0 both are right
        add(disputed);
        ObjectNode old = problem("old", PYTHON_2, DOUBLE, DOUBLE_CPP);
        for (int n = 1; n <= 5; n++) test(old, n, 2 * n);
        add(old);
        ObjectNode none = problem("none");
        test(none, 1, 2);
        add(none);
        problems.append(
                "{\"id\":\"maths\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"1+1?\",\"answer\":\"2\"}\n");
        Path out = folder.resolve("Q.jsonl");
        Path report = folder.resolve("R.json");
        CommandLineRun run = CommandLineRun.of(
                "curate", "tests", "--problems", write(), "--out", out, "--report", report, "--master=local[2]");
        assertEquals(0, run.exit(), run.err());
        assertEquals(
                "5 problems: 1 kept, 1 changed, 2 dropped, 1 untouched; tests: 11 kept, 1 rewritten, 5 dropped; in "
                        + out + ", report in " + report + "\n",
                run.err()
                        .replaceAll(
                                "(?m)^curate: \\d+ of 5 .*\n", "")); // progress, every ten seconds of a busy machine
        List<JsonNode> curated = lines(out);
        assertEquals(
                List.of("sum", "old", "maths"),
                curated.stream().map(p -> p.path("id").asText()).toList());
        assertEquals(
                "12",
                curated.get(0).path("tests").get(5).path("stdout").asText().strip());
        assertEquals(6, curated.get(0).path("tests").size());
        assertEquals(4, curated.get(0).path("solutions").size());
        JsonNode written = JSON.readTree(Files.readString(report));
        assertEquals(0.8, written.path("rules").path("agreement").asDouble());
        assertEquals("changed", written.path("problems").get(0).path("outcome").asText());
        assertEquals(
                5,
                written.path("problems")
                        .get(0)
                        .path("rewritten")
                        .get(0)
                        .path("test")
                        .asInt());
        assertEquals(
                "13\n",
                written.path("problems")
                        .get(0)
                        .path("rewritten")
                        .get(0)
                        .path("from")
                        .asText());
        assertEquals(
                "1 of 2 solutions agree, needed 80 %",
                written.path("problems")
                        .get(1)
                        .path("dropped")
                        .get(0)
                        .path("why")
                        .asText());
        assertEquals(
                "1 good tests, needed 5",
                written.path("problems").get(1).path("why").asText());
        assertEquals(2, written.path("problems").get(2).path("voters").asInt());
        assertEquals(
                "no reference solution",
                written.path("problems").get(3).path("why").asText());
        assertEquals(1, written.path("totals").path("testsRewritten").asInt());
        assertFalse(Files.exists(folder.resolve("Q.jsonl.parts")));
    }

    private static ObjectNode problem(String id, String... solutions) {
        ObjectNode problem = JSON.createObjectNode();
        problem.put("id", id).put("kind", "code").put("language", "en").put("statement", "Double the number.");
        problem.put("codeLanguage", "python");
        problem.putArray("tests");
        ArrayNode list = problem.putArray("solutions");
        for (String source : solutions)
            list.addObject()
                    .put("language", source.startsWith("#") ? "cpp" : "python")
                    .put("source", source);
        return problem;
    }

    private static void test(ObjectNode problem, int in, int out) {
        problem.withArray("tests").addObject().put("stdin", in + "\n").put("stdout", out + "\n");
    }

    private void add(ObjectNode problem) {
        problems.append(problem).append('\n');
    }

    private Path write() throws IOException {
        return Files.writeString(folder.resolve("P.jsonl"), problems.toString());
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) lines.add(JSON.readTree(line));
        return lines;
    }
}
