package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.cli.Launched.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The finished program as a user starts it: bin/tramontane in a process of its own, from another folder. */
@Tag("cluster")
class LauncherTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void badInputIsOneLineAndExitTwo() throws Exception {
        Ended unknown = tramontane("trian");
        assertEquals(2, unknown.exit());
        assertEquals("", unknown.out());
        assertTrue(unknown.err().startsWith("tramontane: unknown command 'trian', did you mean train?"), unknown.err());
        assertEquals(1, unknown.err().lines().count(), unknown.err());
        Ended key = tramontane("train", "--set", "trainer.stepz=3");
        assertEquals(2, key.exit());
        assertEquals(
                "tramontane: --set trainer.stepz=3: unknown key trainer.stepz, did you mean trainer.steps?\n",
                key.err());
        assertEquals(0, folder.toFile().list((dir, name) -> name.equals("runs")).length);
    }

    @Test
    void scoreWorksFromAnyFolderAndSaysNothingButItsLine() throws Exception {
        Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do two cats have?\","
                        + "\"answer\":\"8\"}\n");
        Files.writeString(
                folder.resolve("C.jsonl"),
                "{\"problemId\":\"a\",\"group\":0,\"completion\":\"<think>Each cat has four legs, so two cats have"
                        + " eight.</think>Together they have \\\\boxed{8} legs.\"}\n");
        Ended ended = tramontane("score", "--problems", "P.jsonl", "--completions", "C.jsonl", "--out", "S.jsonl");
        assertEquals(0, ended.exit(), ended.err());
        assertEquals("", ended.out());
        List<String> messages = ended.err()
                .lines()
                .filter(line -> !line.matches("score: \\d+ of 1 .*")) // progress, every ten seconds of a busy machine
                .toList();
        assertEquals(List.of("1 completions: mean reward 1.100, 100.0 % correct in S.jsonl"), messages);
        assertEquals(
                "CORRECT",
                JSON.readTree(Files.readString(folder.resolve("S.jsonl")))
                        .path("verdict")
                        .asText());
    }

    /** As in a bare container: the launcher sees to it that Java can name every file. */
    @Test
    void aPathWithLettersThatTheCLocaleLacks() throws Exception {
        Files.writeString(folder.resolve("ünï.jsonl"), "{\"id\":1,\"question\":\"Legs of two cats?\",\"answer\":8}\n");
        Files.writeString(
                folder.resolve("Ж.jsonl"),
                "{\"problemId\":1,\"group\":0,\"completion\":\"<think>Four and four legs.</think>There are"
                        + " \\\\boxed{8} legs.\"}\n");
        String[] score = {"score", "--problems", "ünï.jsonl", "--completions", "Ж.jsonl", "--out", "出.jsonl"};
        Ended ended = tramontane(Map.of("LC_ALL", "C"), score);
        assertEquals(0, ended.exit(), ended.err());
        assertTrue(Files.readString(folder.resolve("出.jsonl")).contains("\"CORRECT\""));
        // without the launcher Java keeps to the locale: one line
        ProcessBuilder direct = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.tramontane.app.cli.Tramontane",
                        "score",
                        "--problems",
                        "ünï.jsonl",
                        "--completions",
                        "Ж.jsonl",
                        "--out",
                        "S.jsonl")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        direct.environment().put("LC_ALL", "C");
        Process process = direct.start();
        String messages = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, java.util.concurrent.TimeUnit.MINUTES), messages);
        assertEquals(2, process.exitValue(), messages);
        assertEquals(1, messages.lines().count(), messages);
        assertTrue(messages.contains(" is no path here (") && messages.contains("LC_ALL=C.UTF-8"), messages);
    }

    @Test
    void aRewardOfTheUsersOwnIsFoundOnTheirClassPath() throws Exception {
        Path source = folder.resolve("Shouting.java");
        Files.writeString(
                source,
                "package org.users.rewards;\n"
                        + "public class Shouting implements io.tramontane.rewards.Reward {\n"
                        + "    public double of(io.tramontane.rewards.Judged judged) {\n"
                        + "        if (judged.text().answer().contains(\"?\")) throw new IllegalStateException(\"what?\");\n"
                        + "        return judged.text().answer().contains(\"!\") ? 1 : 0;\n"
                        + "    }\n"
                        + "}\n");
        String classPath = System.getProperty("java.class.path");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-cp", classPath, "-d", classes.toString(), source.toString()));
        Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do two cats have?\","
                        + "\"answer\":\"8\"}\n");
        String line =
                "{\"problemId\":\"a\",\"group\":0,\"completion\":\"<think>Each cat has four legs, so two cats have"
                        + " eight.</think>\\\\boxed{8}%s\"}\n";
        Files.writeString(
                folder.resolve("C.jsonl"),
                String.format(line, "!") + String.format(line, ".") + String.format(line, "?"));
        String[] command = {
            "score",
            "--problems",
            "P.jsonl",
            "--completions",
            "C.jsonl",
            "--out",
            "S.jsonl",
            "--set",
            "extra.shouting.class=org.users.rewards.Shouting",
            "--set",
            "extra.shouting.weight=-0.5"
        };
        Ended absent = tramontane(command);
        assertEquals(2, absent.exit(), absent.err());
        assertEquals(
                "tramontane: rewards.extra.shouting.class org.users.rewards.Shouting: no such class on the class path"
                        + " (TRAMONTANE_CLASSPATH)\n",
                absent.err());
        Ended ended = tramontane(Map.of("TRAMONTANE_CLASSPATH", "classes"), command);
        assertEquals(0, ended.exit(), ended.err());
        List<String> scores = Files.readAllLines(folder.resolve("S.jsonl"));
        assertEquals(
                -0.5,
                JSON.readTree(scores.get(0)).path("extra").path("shouting").asDouble());
        assertEquals(0.6, JSON.readTree(scores.get(0)).path("reward").asDouble(), 1e-12);
        assertEquals(1.1, JSON.readTree(scores.get(1)).path("reward").asDouble(), 1e-12);
        assertEquals("UNSCORED", JSON.readTree(scores.get(2)).path("verdict").asText());
        assertTrue(JSON.readTree(scores.get(2)).path("reason").asText().endsWith("what?"), scores.get(2));
    }

    @Test
    void aShortTrainingRunLeavesItsRowsCheckpointAndReport() throws Exception {
        Ended ended = tramontane(
                "train",
                "--run",
                "run",
                "--set",
                "trainer.steps=4",
                "--set",
                "trainer.checkpointEvery=2",
                "--set",
                "trainer.batchSize=32",
                "--set",
                "trainer.minibatchSize=32",
                "--set",
                "evaluation.problems=14");
        assertEquals(0, ended.exit(), ended.out() + ended.err());
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("run/metrics.jsonl"))) rows.add(JSON.readTree(line));
        assertEquals(List.of(1, 2, 3, 4), steps(rows, "train"));
        assertEquals(0, steps(rows, "eval").get(0));
        assertEquals(4, steps(rows, "eval").get(steps(rows, "eval").size() - 1));
        for (JsonNode row : rows)
            if (row.has("mismatchKl")) assertTrue(row.path("mismatchKl").asDouble() < 1e-6, row.toString());
        assertTrue(Files.size(folder.resolve("run/report.html")) > 10_000);
        assertTrue(Files.exists(folder.resolve("run/checkpoints/step-000004/model.safetensors")));
        assertTrue(Files.exists(folder.resolve("run/checkpoints/step-000004/optimizer/second.safetensors")));
        assertTrue(Files.exists(folder.resolve("run/batches/step-000004.arrow")));
        assertTrue(Files.size(folder.resolve("run/logs/driver.log")) > 0);
        assertTrue(!ended.err().contains("INFO") && !ended.err().contains("WARN"), ended.err());
        Ended again = tramontane("train", "--run", "run");
        assertEquals(2, again.exit());
        Ended evaluated = tramontane("evaluate", "--run", "run", "--json");
        assertEquals(0, evaluated.exit(), evaluated.err());
        JsonNode outside = JSON.readTree(evaluated.out());
        JsonNode inside = rows.stream()
                .filter(row -> row.path("kind").asText().equals("eval")
                        && row.path("step").asInt() == 4)
                .findFirst()
                .orElseThrow();
        assertEquals(14, outside.path("problems").asInt());
        for (String share : List.of("languageConsistency", "formatOk"))
            assertEquals(inside.path(share), outside.path(share).path("value"), share);
        assertEquals(inside.path("correctness"), outside.path("pass@1").path("value"));
        assertEquals(inside.path("lengthMean"), outside.path("lengthMean"));
    }

    private static List<Integer> steps(List<JsonNode> rows, String kind) {
        return rows.stream()
                .filter(row -> row.path("kind").asText().equals(kind))
                .map(row -> row.path("step").asInt())
                .toList();
    }

    private Ended tramontane(String... args) throws IOException, InterruptedException {
        return tramontane(Map.of(), args);
    }

    private Ended tramontane(Map<String, String> environment, String... args) throws IOException, InterruptedException {
        return Launched.start(folder, environment, (Object[]) args).end();
    }
}
