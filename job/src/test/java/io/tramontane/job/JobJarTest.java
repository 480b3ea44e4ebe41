package io.tramontane.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a Spark that is not ours: its own jars and nothing else, through the class that spark-submit starts. The
 * distribution of Spark leaves out some of what its artifacts name, protobuf above all, which Flight needs.
 */
class JobJarTest {
    @TempDir
    Path folder;

    private Submitted submit(String... command) throws IOException, InterruptedException {
        return Submitted.run(
                folder,
                Submitted.classPath("stockspark/target/classpath.txt"),
                Map.of(),
                List.of("--master", "local[2]"),
                List.of(command));
    }

    @Test
    void aPolicyIsTrainedByTheRecipeInTheJar() throws Exception {
        List<String> words = new ArrayList<>(List.of("train", "--run", "run", "--set", "trainer.steps=1"));
        words.addAll(Submitted.SMALL);
        submit(words.toArray(new String[0])).ended(0);
        assertTrue(Files.isRegularFile(folder.resolve("run/checkpoints/step-000001/model.safetensors")));
    }

    @Test
    void recipesAndTheShapesThatTheyNameAreInTheJar() throws Exception {
        String said = submit("train", "--dry-run", "--config", "conf/magistral-small.yaml")
                .ended(0)
                .said();
        assertTrue(said.contains("its shape is that of plan.model"), said);
        assertTrue(said.contains("23,572,403,200 parameters"), said);
    }

    @Test
    void badInputIsExitCodeTwoAndOneLine() throws Exception {
        String said = submit("train", "--config", "tinny.yaml").ended(2).said();
        assertEquals(
                "tramontane: --config tinny.yaml: neither a file nor a recipe, the nearest recipe is tiny.yaml",
                said.strip());
    }

    @Test
    void completionsAreScored() throws Exception {
        Files.writeString(
                folder.resolve("P.jsonl"),
                "{\"id\":\"a\",\"kind\":\"math\",\"language\":\"en\",\"statement\":\"How many legs do two cats have?\","
                        + "\"answer\":\"8\"}\n");
        Files.writeString(
                folder.resolve("C.jsonl"),
                "{\"problemId\":\"a\",\"group\":0,\"completion\":\"<think>Each cat has four legs, so two cats have"
                        + " eight.</think>Together they have \\\\boxed{8} legs.\"}\n");
        String said = submit("score", "--problems", "P.jsonl", "--completions", "C.jsonl", "--out", "S.jsonl")
                .ended(0)
                .said();
        assertTrue(said.contains("1 completions: mean reward 1.100, 100.0 % correct in S.jsonl"), said);
        assertTrue(Files.readString(folder.resolve("S.jsonl")).contains("\"verdict\":\"CORRECT\""));
    }
}
