package io.tramontane.app.cli;

import static io.tramontane.app.cli.CommandLineRun.complaint;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every recipe can be planned on any machine. */
class RecipesTest {
    private static final Path CONF =
            Path.of(System.getProperty("tramontane.root")).resolve("conf");

    @TempDir
    Path folder;

    static List<Path> recipesOfTrain() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.toString().endsWith("-sft.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recipesOfTrain")
    void aDryRunPlansIt(Path recipe) {
        CommandLineRun run = CommandLineRun.of("train", "--config", recipe, "--dry-run");
        assertEquals(0, run.exit(), run.err());
        for (String line :
                List.of("ranks", "memory per rank", "tokens per step", "bytes moved per step", "seconds per step"))
            assertTrue(run.out().contains("\n# " + line), line + ": " + run.out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"magistral-medium", "magistral-small", "mistral-small-24b-math", "gsm8k-qwen2.5-0.5b"})
    void theModelOfALargeRecipeIsElsewhereAndItsTimesArePredicted(String name) {
        Path recipe = CONF.resolve(name + ".yaml");
        CommandLineRun run = CommandLineRun.of("train", "--config", recipe, "--dry-run");
        assertTrue(run.err().contains("is not on this machine: its shape is that of plan.model"), run.err());
        assertTrue(run.err().contains("warning: data.train "), run.err());
        assertTrue(run.out().matches("(?s).*\n# seconds per step.* s \\(roles side by side\\): trainer .*"), run.out());
        assertFalse(run.out().contains("DOES NOT FIT"), run.out());
        String model = run.out()
                .lines()
                .filter(line -> line.startsWith("model: "))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "model " + model.substring("model: ".length()) + ": no such folder, nor a .gguf file",
                complaint("train", "--config", recipe, "--run", folder.resolve("run")));
    }

    @Test
    void theShapesAreThoseOfTheModels() {
        assertTrue(plan("magistral-small").contains(" 23,572,403,200 parameters, "));
        assertTrue(plan("gsm8k-qwen2.5-0.5b").contains(" 494,032,768 parameters, "));
        assertTrue(plan("gsm8k-smollm2").contains(" 134,515,008 parameters, "));
    }

    private static String plan(String name) {
        return CommandLineRun.of("train", "--config", CONF.resolve(name + ".yaml"), "--dry-run")
                .out();
    }

    @Test
    void stagesArePlannedOneByOne() {
        String plan = plan("magistral-medium");
        for (int step : new int[] {1, 101, 201})
            assertTrue(plan.contains("\n# seconds per step, from step " + step + " "), plan);
    }

    @Test
    void aShapeThatIsNotThereIsTheUsersError() {
        String complaint = complaint("train", "--dry-run", "--set", "model=none", "--set", "plan.model=none.json");
        assertTrue(
                complaint.startsWith("plan.model none.json: no such file, neither from here nor beside "), complaint);
        assertEquals(
                "model none: no such folder, nor a .gguf file", complaint("train", "--dry-run", "--set", "model=none"));
    }

    @Test
    void trainerRanksArePlanned() {
        CommandLineRun run = CommandLineRun.of("train", "--dry-run", "--set", "cluster.trainers=2");
        assertEquals(0, run.exit(), run.err());
        assertTrue(run.out()
                .contains("\n# ranks                             2 of trainers, 1 of generators; 1 verifiers"));
    }
}
