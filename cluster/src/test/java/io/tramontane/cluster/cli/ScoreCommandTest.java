package io.tramontane.cluster.cli;

import static io.tramontane.cluster.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROBLEM =
            "{\"id\":\"%s\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do %d cats have?\","
                    + "\"answer\":\"%d\"}\n";

    @TempDir
    Path folder;

    private Path problems;
    private Path out;

    @BeforeEach
    void twoProblems() throws IOException {
        problems = Files.writeString(
                folder.resolve("P.jsonl"), PROBLEM.formatted("a", 2, 8) + PROBLEM.formatted("b", 3, 12));
        out = folder.resolve("S.jsonl");
    }

    @Test
    void scoresComeInTheOrderOfTheCompletionsWithTheWholeReward() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            String answer = i % 3 == 0 ? "8" : "9";
            rows.append(row(i % 2 == 0 ? "a" : "b", i / 4, think("\\\\boxed{" + answer + "}"), 10));
        }
        rows.append(row("a", 99, "no thoughts at all", 10));
        Path completions = Files.writeString(folder.resolve("C.jsonl"), rows.toString());
        CommandLineRun run = CommandLineRun.of(
                "score", "--problems", problems, "--completions", completions, "--out", out, "--master", "local[2]");
        assertEquals(0, run.exit(), run.err());
        assertEquals("", run.out());
        List<JsonNode> scores = scores();
        assertEquals(61, scores.size());
        for (int i = 0; i < 60; i++) {
            assertEquals(i % 2 == 0 ? "a" : "b", scores.get(i).path("problemId").asText());
            assertEquals(i / 4, scores.get(i).path("group").asInt());
            boolean right = i % 2 == 0 && i % 3 == 0;
            assertEquals(
                    right ? "CORRECT" : "WRONG", scores.get(i).path("verdict").asText());
            // 0.1 format, 0.9 correctness, 0.1 one language
            assertEquals(right ? 1.1 : 0.2, scores.get(i).path("reward").asDouble(), 1e-9);
        }
        assertEquals("FORMAT_ERROR", scores.get(60).path("verdict").asText());
        assertEquals(0, scores.get(60).path("reward").asDouble());
        assertTrue(run.err().startsWith("61 completions: mean reward "), run.err());
    }

    @Test
    void theLengthPenaltyFollowsTheFlags() throws IOException {
        String answer = think("\\\\boxed{8}");
        Path completions = Files.writeString(
                folder.resolve("C.jsonl"),
                row("a", 0, answer, 75) + row("a", 0, answer, 100) + row("a", 0, answer, null));
        CommandLineRun.of(
                "score",
                "--problems=" + problems,
                "--completions=" + completions,
                "--out=" + out,
                "--max-length=100",
                "--length-cache=50",
                "--master=local[1]");
        // 25 of the 50 tokens before 100: half of -0.1; at 100 all of it; unknown length: none
        assertArrayEquals(
                new double[] {-0.05, -0.1, 0},
                scores().stream().mapToDouble(s -> s.path("length").asDouble()).toArray(),
                1e-9);
    }

    @Test
    void whatCannotBeReadIsOneLineAndLeavesNoFile() throws IOException {
        Path missing = folder.resolve("none.jsonl");
        assertEquals(missing + ": no such file", score(missing));
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), row("a", 0, "x", 1) + "{\"problemId\":\n");
        assertTrue(score(broken).startsWith(broken + ":2: not a JSON object"), score(broken));
        Path unknown = Files.writeString(folder.resolve("unknown.jsonl"), row("c", 0, "x", 1));
        assertTrue(score(unknown).startsWith(unknown + ":1: problemId \"c\""), score(unknown));
        Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
        assertTrue(score(empty).startsWith(empty + ": the file is empty"), score(empty));
        assertEquals(
                "--set lengthCache=2000: rewards.lengthCache 2000, allowed 1 to 1024",
                complaint(
                        "score",
                        "--problems",
                        problems,
                        "--completions",
                        broken,
                        "--out",
                        out,
                        "--set",
                        "lengthCache=2000"));
        assertEquals(List.of(), leftovers());
    }

    @Test
    void anOutputFolderThatIsNotThereIsFoundBeforeSparkStarts() throws IOException {
        Path completions = Files.writeString(folder.resolve("C.jsonl"), row("a", 0, "x", 1));
        Path nowhere = folder.resolve("nowhere").resolve("S.jsonl");
        assertEquals(
                nowhere + ": folder " + nowhere.getParent() + " does not exist",
                complaint("score", "--problems", problems, "--completions", completions, "--out", nowhere));
    }

    private String score(Path completions) {
        return complaint("score", "--problems", problems, "--completions", completions, "--out", out);
    }

    private List<String> leftovers() {
        return List.of(folder.toFile().list()).stream()
                .filter(name -> name.contains("S.jsonl"))
                .toList();
    }

    private List<JsonNode> scores() throws IOException {
        List<JsonNode> scores = new ArrayList<>();
        for (String line : Files.readAllLines(out)) scores.add(JSON.readTree(line));
        return scores;
    }

    private static String think(String answer) {
        return "<think>Every cat has four legs, so I count the cats and then take that number four times."
                + "</think>All of the cats together have this many legs: " + answer;
    }

    private static String row(String problem, int group, String completion, Integer tokens) {
        return "{\"problemId\":\"%s\",\"group\":%d,\"completion\":\"%s\"%s}\n"
                .formatted(problem, group, completion, tokens == null ? "" : ",\"tokenCount\":" + tokens);
    }
}
