package io.tramontane.app.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.experiment.Claim.Verdict;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which commands an experiment starts and what it makes of their files; the commands themselves are written down, not run. */
class ExperimentRunTest {
    private static final String FILE =
            """
            title: Two arms
            question: Which?
            paper: {where: figure 0, setting: none, finding: a is better}
            base: base.yaml
            set: [trainer.steps=2]
            seeds: [1, 2, 3]
            arms:
              - {name: a, set: [seed=9], evaluate: {other: [--count, "4"]}}
              - {name: b, coldStart: cold.yaml}
            charts: [entropy]
            table: [eval.correctness, train.entropy, check.other.pass@1]
            claims:
              - {says: a beats b, metric: eval.correctness, of: a, against: b, expect: higher}
              - {says: a has the entropy of b, metric: train.entropy, of: a, against: b, expect: same, within: 0.1}
            """;

    @TempDir
    Path folder;

    private final List<List<String>> started = Collections.synchronizedList(new ArrayList<>());
    private final List<String> console = new ArrayList<>();
    private Experiment experiment;

    @BeforeEach
    void file() throws IOException {
        Files.writeString(folder.resolve("base.yaml"), "seed: 1\n");
        Files.writeString(folder.resolve("cold.yaml"), "seed: 1\n");
        experiment = ExperimentFile.read(Files.writeString(folder.resolve("two.yaml"), FILE));
    }

    /** Writes what a command would. Arm a is right in 80, 82 and 84 of 100, arm b in 70, 71 and 75. */
    private int command(List<String> arguments, Path log) {
        started.add(arguments);
        try {
            Path out =
                    Path.of(arguments.get(arguments.indexOf(arguments.get(0).equals("train") ? "--run" : "--out") + 1));
            switch (arguments.get(0)) {
                case "sft" -> {
                    Files.createDirectory(out); // as sft, which does not make the folder around it
                    Files.writeString(out.resolve("config.json"), "{}");
                }
                case "evaluate" -> Files.writeString(out, "{\"pass@1\":{\"value\":0.5,\"low\":0.4,\"high\":0.6}}");
                default -> train(out, arguments);
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final double[] A = {.80, .82, .84};
    private static final double[] B = {.70, .71, .75};

    private static void train(Path run, List<String> arguments) throws IOException {
        Files.createDirectories(run);
        int seed = Integer.parseInt(run.getParent().getFileName().toString().substring(5)) - 1;
        boolean a = run.toString().contains("/a/");
        Files.writeString(run.resolve("config.yaml"), "seed: 1\n");
        Files.writeString(
                run.resolve("metrics.jsonl"),
                String.format(
                        Locale.ROOT,
                        """
                        {"kind":"start","step":0,"time":"2026-01-31T10:00:00Z"}
                        {"kind":"eval","step":0,"problems":100,"correctness":0.3}
                        {"kind":"train","step":1,"entropy":0.5,"seconds":30}
                        {"kind":"train","step":2,"entropy":%s,"seconds":30}
                        {"kind":"eval","step":2,"problems":100,"correctness":%s}
                        {"kind":"end","reason":"steps done","trainSeconds":60}
                        """,
                        a ? 0.41 : 0.42,
                        a ? A[seed] : B[seed]));
    }

    private ExperimentResult run(Commands commands) {
        return new ExperimentRun(experiment, List.of(), folder.resolve("out"), "", commands, console::add).run(1);
    }

    @Test
    void allArmsOfASeedComeFirstAndTheSeedOfTheExperimentWins() {
        run(this::command);
        List<String> order = started.stream()
                .map(words -> words.get(0)
                        + words.stream()
                                .filter(w -> w.matches("seed=[123]"))
                                .findFirst()
                                .orElse(""))
                .toList();
        assertEquals(
                List.of("trainseed=1", "evaluate", "sftseed=1", "trainseed=1", "trainseed=2", "evaluate", "sftseed=2"),
                order.subList(0, 7));
        List<String> train = started.get(0);
        assertTrue(train.lastIndexOf("seed=1") > train.indexOf("seed=9"), train.toString());
        assertEquals(started.get(2).get(started.get(2).indexOf("--out") + 1), coldStartOf(started.get(3)));
    }

    private static String coldStartOf(List<String> train) {
        return train.stream()
                .filter(word -> word.startsWith("model="))
                .findFirst()
                .orElseThrow()
                .substring(6);
    }

    @Test
    void armsWithTheSameColdStartAndSeedShareIt() throws IOException {
        experiment = ExperimentFile.read(
                Files.writeString(
                        folder.resolve("shared.yaml"),
                        """
                title: Three arms
                question: Which?
                base: base.yaml
                seeds: [1, 2]
                arms:
                  - {name: a, coldStart: cold.yaml, coldStartSet: [steps=3]}
                  - {name: b, coldStart: cold.yaml, coldStartSet: [steps=3], set: [seed=9]}
                  - {name: c, coldStart: cold.yaml}
                """));
        new ExperimentRun(experiment, List.of(), folder.resolve("out"), "", this::command, console::add).run(3);
        List<String> models = started.stream()
                .filter(words -> words.get(0).equals("train"))
                .sorted(Comparator.comparing(words -> words.get(words.indexOf("--run") + 1)))
                .map(ExperimentRunTest::coldStartOf)
                .toList(); // a seed 1, a seed 2, b seed 1, ...
        assertEquals(models.get(0), models.get(2));
        assertEquals(models.get(1), models.get(3));
        assertEquals(4, Set.copyOf(models).size());
        assertEquals(
                4, started.stream().filter(words -> words.get(0).equals("sft")).count());
    }

    @Test
    void theVerdictsFollowFromTheNumbers() throws IOException {
        ExperimentResult result = run(this::command);
        // differences .10, .11, .09: mean .1, standard deviation .01, half-width 4.303 * .01 / sqrt(3) = .0248
        assertEquals(Verdict.AGREES, result.judged().get(0).verdict());
        assertEquals(0.1, result.judged().get(0).value(), 1e-9);
        assertEquals(0.1 - 0.02484, result.judged().get(0).low(), 1e-4);
        assertEquals(Verdict.AGREES, result.judged().get(1).verdict());
        assertEquals("Of 2 findings: 2 agree.", result.conclusion());
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("out/experiment.json").toFile());
        assertEquals("agrees", json.at("/findings/0/verdict").asText());
        assertEquals(6, json.path("runs").size());
        String table = Files.readString(folder.resolve("out/table.md"));
        assertTrue(table.contains("| a | 3 | 2 | 30.0 % → 82.0 % ± 2.0 | 0.410 ± 0.00 | 50.0 % ± 0.0 |"), table);
        String page = Files.readString(folder.resolve("out/experiment.html"));
        assertTrue(page.contains("Two arms") && !page.contains("{{"), "page");
    }

    @Test
    void aClaimMayNameTheStepsThatItCompares() throws IOException {
        String claims =
                """
                claims:
                  - {says: a learns, metric: eval.correctness, of: a@2, against: b@start, expect: higher}
                  - {says: nobody was evaluated then, metric: eval.correctness, of: a@1, against: b, expect: higher}
                """;
        experiment = ExperimentFile.read(
                Files.writeString(folder.resolve("steps.yaml"), FILE.substring(0, FILE.indexOf("claims:")) + claims));
        ExperimentResult result = run(this::command);
        assertEquals(0.52, result.judged().get(0).value(), 1e-9); // .82 - .3 in the mean
        assertTrue(result.judged().get(0).sentence().contains("a at step 2 minus b before training"));
        assertEquals(Verdict.NOT_RESOLVED, result.judged().get(1).verdict());
        String wrong = claims.replace("eval.correctness, of: a@2", "train.entropy, of: a@2");
        Files.writeString(folder.resolve("wrong.yaml"), FILE.substring(0, FILE.indexOf("claims:")) + wrong);
        BadInputException e =
                assertThrows(BadInputException.class, () -> ExperimentFile.read(folder.resolve("wrong.yaml")));
        assertTrue(e.getMessage().contains("a@2 with metric train.entropy, allowed with eval.NAME"), e.getMessage());
    }

    @Test
    void startedAgainItDoesOnlyWhatIsMissing() throws IOException {
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> run((words, log) -> started.size() == 4 ? 1 : command(words, log)));
        assertTrue(e.getMessage().contains("arm a, seed 2: the command train ended with exit code 1"), e.getMessage());
        // interrupted within the run of arm a, seed 2
        Path killed = Files.createDirectories(folder.resolve("out/a/seed-2/run"));
        Files.writeString(killed.resolve("config.yaml"), "seed: 2\n");
        Files.writeString(killed.resolve("metrics.jsonl"), "{\"kind\":\"end\",\"reason\":\"interrupted\"}\n");
        started.clear();
        run(this::command);
        assertEquals(List.of("train", "--run", killed.toString(), "--resume"), started.get(0));
        assertEquals("-- 1 of 6: arm a, seed 1: finished before", console.get(console.size() - 6));
        started.clear();
        run(this::command);
        assertEquals(List.of(), started);
    }

    @Test
    void anotherRecipeInTheSameFolderIsRefused() throws IOException {
        run(this::command);
        Files.writeString(folder.resolve("base.yaml"), "seed: 5\n");
        BadInputException e = assertThrows(BadInputException.class, () -> run(this::command));
        assertTrue(e.getMessage().contains("made with other settings"), e.getMessage());
    }

    private static final String PLANE =
            """
            {"checkpoints":[{"step":0,"coordinates":[-2,0.5]},{"step":2,"coordinates":[2,0.1]}],
             "explainedShare":{"c1":0.7,"c2":0.2,"plane":0.9},
             "logLength":{"slope":{"value":0.25,"low":0.2,"high":0.3},"intercept":-0.3}}
            """;

    /** An analysis beside what the other commands write. */
    private int analysing(List<String> arguments, Path log) {
        if (!arguments.get(0).equals("analyse")) return command(arguments, log);
        started.add(arguments);
        try {
            Files.writeString(Path.of(arguments.get(arguments.indexOf("--out") + 1)), PLANE);
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anAnalysisIsMadeOnceAndAnExperimentOfTheSameRunsReadsIt() throws IOException {
        Files.writeString(
                folder.resolve("first.yaml"),
                """
                title: First
                question: Which?
                base: base.yaml
                arms: [{name: a, analyse: {plane: [--grid, "3"]}}]
                table: [check.plane.explainedShare.c1]
                """);
        experiment = ExperimentFile.read(
                Files.writeString(
                        folder.resolve("second.yaml"),
                        """
                title: Second
                question: Which?
                runsOf: first
                table: [check.plane.logLength.slope]
                claims:
                  - {says: length pays, metric: check.plane.logLength.slope, of: a, value: 0, expect: higher}
                  - {says: much, metric: check.plane.logLength.slope, of: a, value: 0.28, expect: higher}
                """));
        ExperimentResult result = run(this::analysing); // of the second, with a command
        Path made = folder.resolve("first/a/seed-1");
        List<String> analyse = started.get(1);
        assertEquals(
                List.of("analyse", "weights", made + "/run", "--out", made + "/plane.json", "--grid", "3"), analyse);
        assertEquals(
                "agrees: length pays. log length slope, plane, a: +0.250 [+0.200, +0.300]"
                        + " (one seed; interval over points of the plane).",
                result.judged().get(0).sentence());
        assertEquals(-0.03, result.judged().get(1).value(), 1e-12);
        assertEquals(-0.08, result.judged().get(1).low(), 1e-12);
        assertEquals(Verdict.NOT_RESOLVED, result.judged().get(1).verdict());
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve("out/experiment.json").toFile());
        assertEquals(
                0.5, json.at("/analyses/0/result/checkpoints/0/coordinates/1").asDouble());
        assertEquals(0.28, json.at("/findings/1/value").asDouble());
        started.clear();
        Experiment first = ExperimentFile.read(folder.resolve("first.yaml"));
        new ExperimentRun(first, List.of(), folder.resolve("first"), "", this::analysing, console::add).run(1);
        assertEquals(List.of(), started, "the runs of the second are those of the first");
        String table = Files.readString(folder.resolve("first/table.md"));
        assertTrue(table.contains("| a | 1 | 2 | 70.0 % |"), table);
        assertFalse(table.contains("Paper"), "a sweep without a paper");
        BadInputException e = assertThrows(
                BadInputException.class,
                () -> new ExperimentRun(
                        experiment, List.of(), folder.resolve("first"), "", this::analysing, console::add));
        assertTrue(e.getMessage().contains("is the folder of first"), e.getMessage());
    }

    /** Twelve steps; a's entropy is above b's by 0.1, 0.2 and 0.3 in its three blocks of four, b's moves from step to step. */
    private int twelveSteps(List<String> arguments, Path log) {
        command(arguments, log);
        if (!arguments.get(0).equals("train")) return 0;
        Path run = Path.of(arguments.get(arguments.indexOf("--run") + 1));
        StringBuilder rows = new StringBuilder();
        for (int step = 1; step <= 12; step++) {
            double more = run.toString().contains("/a/") ? 0.1 * ((step + 3) / 4) : 0;
            rows.append("{\"kind\":\"train\",\"step\":" + step + ",\"entropy\":" + (step % 5 + more) + "}\n");
        }
        try {
            Files.writeString(
                    run.resolve("metrics.jsonl"), rows + "{\"kind\":\"end\",\"reason\":\"all steps made\"}\n");
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withOneSeedANumberOfTheTrainingHasAnIntervalOverBlocksOfSteps() throws IOException {
        String claims =
                """
                claims:
                  - {says: all steps, metric: run.entropy, of: a, against: b, expect: higher}
                  - {says: too few steps, metric: train.entropy, of: a, against: b, expect: higher}
                """;
        String file = FILE.substring(0, FILE.indexOf("claims:")).replace("[1, 2, 3]", "[1]") + claims;
        experiment = ExperimentFile.read(Files.writeString(folder.resolve("steps.yaml"), file));
        ExperimentResult result = run(this::twelveSteps);
        // differences .1, .2, .3: mean .2, standard deviation .1, half-width 4.303 * .1 / sqrt(3) = .2484
        assertEquals(0.2, result.judged().get(0).value(), 1e-9);
        assertEquals(0.2 - 0.2484, result.judged().get(0).low(), 1e-4);
        assertEquals(0.2 + 0.2484, result.judged().get(0).high(), 1e-4);
        assertEquals(0.3, result.judged().get(1).value(), 1e-9);
        assertTrue(Double.isNaN(result.judged().get(1).low()), "three steps");
    }

    @Test
    void aCommandThatDoesNothingDoesNotRunForEver() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> run((words, log) -> 0));
        assertTrue(e.getMessage().contains("the command train ended with exit code 0"), e.getMessage());
    }

    @Test
    void badInputOfAnArmIsBadInputOfTheExperiment() {
        assertThrows(BadInputException.class, () -> run((words, log) -> 2));
    }
}
