package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.cluster.files.AtomicRows;
import io.tramontane.cluster.files.Columns;
import io.tramontane.cluster.files.Columns.Column;
import io.tramontane.cluster.files.Columns.Kind;
import io.tramontane.cluster.files.RowForm;
import io.tramontane.cluster.files.Storage;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "arrow", "arrows", "jsonl.gz"})
    void everyFormGivesTheSameScoresFromTheSameRows(String form) throws IOException {
        Path lines = Files.writeString(
                folder.resolve("C.jsonl"),
                row("a", 0, think("\\\\boxed{8}"), 1000)
                        + row("b", 1, think("\\\\boxed{13}"), null)
                        + row("a", 2, "", 3));
        Columns columns = new Columns(List.of(
                Column.of("problemId", Kind.TEXT),
                Column.of("group", Kind.WHOLE),
                Column.of("completion", Kind.TEXT),
                Column.of("tokenCount", Kind.WHOLE).orNull()));
        Path table = copy(lines, folder.resolve("C." + form), columns);
        Path scored = folder.resolve("T." + form);
        score("score", "--problems", problems, "--completions", lines, "--out", out, "--master=local[1]");
        score("score", "--problems", problems, "--completions", table, "--out", scored, "--master=local[1]");
        Path again = copy(scored, folder.resolve("again.jsonl"), new Columns(List.of()));
        List<JsonNode> expected = scores(out);
        assertEquals(3, expected.size());
        assertTrue(expected.get(0).path("length").asDouble() < 0);
        assertEquals(withoutTime(expected), withoutTime(scores(again)));
    }

    @Test
    void aBrokenRowOfATableIsNamedByItsNumber() throws IOException {
        Path lines = Files.writeString(folder.resolve("C.jsonl"), row("a", 0, "x", 1) + row("c", 0, "x", 1));
        Columns columns = new Columns(List.of(
                Column.of("problemId", Kind.TEXT), Column.of("group", Kind.WHOLE), Column.of("completion", Kind.TEXT)));
        Path table = copy(lines, folder.resolve("C.parquet"), columns);
        assertEquals(table + ":2: problemId \"c\" is no problem of the problem file", score(table));
        assertEquals(List.of(), leftovers());
    }

    @Test
    void aRunThatFailsBeforeItsFirstPartLeavesNothing() throws IOException {
        Path completions = Files.writeString(
                folder.resolve("C.jsonl"), row("a", 0, think("\\\\boxed{8}"), 1).repeat(5));
        Object[] command = {
            "score", "--problems", problems, "--completions", completions, "--out", out, "--part-size=2", "--master"
        };
        Object[] badMaster = java.util.Arrays.copyOf(command, command.length + 1);
        badMaster[command.length] = "nowhere[2]";
        CommandLineRun failed = CommandLineRun.of(badMaster);
        assertEquals(2, failed.exit());
        assertEquals(List.of(), leftovers());
        assertEquals(
                "--part-size 0, allowed >= 1",
                complaint(
                        "score", "--problems", problems, "--completions", completions, "--out", out, "--part-size=0"));
    }

    @Test
    void whatCannotBeReadIsOneLineAndLeavesNoFile() throws IOException {
        Path missing = folder.resolve("none.jsonl");
        assertEquals(missing + ": no such file", score(missing));
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), row("a", 0, "x", 1) + "{\"problemId\":\n");
        assertTrue(score(broken).startsWith(broken + ":2: not a JSON object"), score(broken));
        Path faulty = Files.writeString(
                folder.resolve("faulty.jsonl"), "7\n" + row("a", 0, "x", 1) + "[\n" + "8\n".repeat(5));
        String message = score(faulty);
        assertTrue(message.startsWith(faulty + ":1: not a JSON object but a number; " + faulty + ":3: "), message);
        assertTrue(message.endsWith(faulty + ":6: not a JSON object but a number; and 2 more"), message);
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

    private static void score(Object... args) {
        CommandLineRun run = CommandLineRun.of(args);
        assertEquals(0, run.exit(), run.err());
    }

    private static Path copy(Path from, Path to, Columns columns) {
        StoragePath place = Storage.path(to.toString());
        try (Rows rows = RowForm.read(Storage.path(from.toString()));
                AtomicRows file = AtomicRows.create(place, place.unfinished(), columns)) {
            rows.forEachRemaining(row -> file.add(row.object()));
            file.commit();
        }
        return to;
    }

    private static List<JsonNode> withoutTime(List<JsonNode> scores) {
        scores.forEach(score -> ((ObjectNode) score).remove("millis"));
        return scores;
    }

    private List<String> leftovers() {
        return List.of(folder.toFile().list()).stream()
                .filter(name -> name.contains("S.jsonl"))
                .toList();
    }

    private List<JsonNode> scores() throws IOException {
        return scores(out);
    }

    private static List<JsonNode> scores(Path file) throws IOException {
        List<JsonNode> scores = new ArrayList<>();
        for (String line : Files.readAllLines(file)) scores.add(JSON.readTree(line));
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
