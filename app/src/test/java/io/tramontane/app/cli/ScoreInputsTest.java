package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inputs of score that are not one small file in our own form. */
class ScoreInputsTest {
    @TempDir
    Path folder;

    private CommandLineRun score(Object problems, Object completions) {
        return CommandLineRun.of(
                "score",
                "--problems",
                problems,
                "--completions",
                completions,
                "--out",
                folder.resolve("S.jsonl"),
                "--master=local[1]");
    }

    private static String completion(String id, String answer) {
        return "{\"problemId\":" + id
                + ",\"group\":0,\"completion\":\"<think>They have that many.</think>There are \\\\boxed{" + answer
                + "} legs.\",\"reward\":NaN,\"logprobs\":[-Infinity]}\n";
    }

    @Test
    void aFolderOfProblemsInAnySpellingAndAPatternOfCompletions() throws IOException {
        Path problems = Files.createDirectory(folder.resolve("P"));
        Files.writeString(
                problems.resolve("a.jsonl"), "{\"id\":1,\"question\":\"Legs of two cats?\",\"answer\":8}\n\n");
        Files.writeString(
                problems.resolve("b.jsonl"),
                "\uFEFF{\"id\":\"b\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"Legs of a cat?\",\"answer\":\"4\"}\n");
        Files.writeString(folder.resolve("part-2.jsonl"), completion("\"b\"", "5"));
        Files.writeString(folder.resolve("part-1.jsonl"), completion("1", "8"));
        CommandLineRun run = score(problems, folder + "/part-*.jsonl");
        assertEquals(0, run.exit(), run.err());
        assertEquals(
                List.of(
                        problems
                                + ": statement from \"question\"; answer from a number; kind math, as there is an answer; language en, as none is said",
                        "2 completions: mean reward 0.650, 50.0 % correct in " + folder + "/S.jsonl"),
                run.err().lines().toList());
        List<String> scores = Files.readAllLines(folder.resolve("S.jsonl"));
        JsonNode first = new ObjectMapper().readTree(scores.get(0));
        assertEquals("1", first.path("problemId").asText());
        assertEquals("CORRECT", first.path("verdict").asText());
    }

    @Test
    void anIdInTwoFilesOfAFolderIsRefused() throws IOException {
        Path problems = Files.createDirectory(folder.resolve("P"));
        String line = "{\"id\":\"b\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"?\",\"answer\":\"4\"}\n";
        Files.writeString(problems.resolve("a.jsonl"), line);
        Files.writeString(problems.resolve("b.jsonl"), line);
        Path completions = Files.writeString(folder.resolve("C.jsonl"), completion("\"b\"", "4"));
        CommandLineRun run = score(problems, completions);
        assertEquals(2, run.exit());
        assertEquals(
                "tramontane: " + problems + "/b.jsonl:1: id \"b\" was used before, at " + problems + "/a.jsonl:1\n",
                run.err());
    }

    @Test
    void whatCouldNotBeScoredIsNoMeanOfZero() throws IOException {
        Path problems = Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"b\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"?\",\"answer\":\"4\"}\n");
        Path completions = Files.writeString(
                folder.resolve("C.jsonl"), completion("\"b\"", "4").repeat(2) + completion("\"b\"", "5"));
        CommandLineRun all = throwing(problems, completions, "");
        assertTrue(
                all.err().matches("(?s)3 completions: no reward, 3 UNSCORED \\(the first because .*\\) in .*"),
                all.err());
        CommandLineRun some = throwing(problems, completions, "5");
        assertTrue(
                some.err()
                        .contains(
                                "3 completions: mean reward 1.100, 100.0 % correct over the 2 that were scored, 1 UNSCORED (the first because "),
                some.err());
    }

    private CommandLineRun throwing(Path problems, Path completions, String when) {
        System.setProperty("throwing.when", when);
        try {
            return CommandLineRun.of(
                    "score",
                    "--problems",
                    problems,
                    "--completions",
                    completions,
                    "--out",
                    folder.resolve("S.jsonl"),
                    "--master=local[1]",
                    "--set",
                    "extra.throwing.class=" + Throwing.class.getName(),
                    "--set",
                    "extra.throwing.weight=1");
        } finally {
            System.clearProperty("throwing.when");
        }
    }

    /** A reward of a user's own that fails where an answer has a certain text. */
    public static final class Throwing implements io.tramontane.rewards.Reward {
        @Override
        public double of(io.tramontane.rewards.Judged judged) {
            if (judged.text().answer().contains(System.getProperty("throwing.when", "")))
                throw new IllegalStateException("broken");
            return 0;
        }
    }
}
