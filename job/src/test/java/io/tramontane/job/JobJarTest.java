package io.tramontane.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a Spark that is not ours: its own jars and nothing else, through the class that spark-submit starts. The
 * distribution of Spark leaves out some of what its artifacts name, protobuf above all, which Flight needs.
 */
class JobJarTest {
    private static final Path ROOT =
            Path.of(System.getProperty("tramontane.root")).toAbsolutePath();

    @TempDir
    Path folder;

    private String submit(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("app/target/dist/conf/java.opts"),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Files.readString(ROOT.resolve("job/stockspark/target/classpath.txt"))
                        .strip(),
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                "io.tramontane.app.cli.Tramontane",
                ROOT.resolve("job/target/tramontane-job-0.1.0.jar").toString()));
        words.addAll(List.of(command));
        Path said = folder.resolve("said");
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        if (!process.waitFor(4, TimeUnit.MINUTES)) process.destroyForcibly();
        assertEquals(0, process.waitFor(), Files.readString(said));
        return Files.readString(said);
    }

    @Test
    void aPolicyIsTrained() throws Exception {
        submit(
                "train",
                "--config",
                ROOT.resolve("conf/tiny.yaml").toString(),
                "--run",
                "run",
                "--set",
                "trainer.steps=1",
                "--set",
                "trainer.batchSize=32",
                "--set",
                "trainer.minibatchSize=32",
                "--set",
                "rollout.slots=32",
                "--set",
                "data.gym.codeShare=0",
                "--set",
                "evaluation.problems=0");
        assertTrue(Files.isRegularFile(folder.resolve("run/checkpoints/step-000001/model.safetensors")));
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
        String said = submit("score", "--problems", "P.jsonl", "--completions", "C.jsonl", "--out", "S.jsonl");
        assertTrue(said.contains("1 completions: mean reward 1.100, 100.0 % correct in S.jsonl"), said);
        assertTrue(Files.readString(folder.resolve("S.jsonl")).contains("\"verdict\":\"CORRECT\""));
    }
}
