package io.tramontane.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job jar on a real YARN: Hadoop's mini cluster in a JVM of its own (job/clusterspark/YarnCluster.java), whose containers are
 * processes. {@code mvn -Pheavy} fetches what it needs.
 */
@Tag("heavy")
class YarnTest {
    @TempDir
    static Path folder;

    private static Process cluster;

    @BeforeAll
    static void start() throws Exception {
        Path log = folder.resolve("yarn.log");
        List<String> words = new ArrayList<>(List.of(
                Submitted.java(),
                "@" + Submitted.ROOT.resolve("app/target/dist/conf/java.opts"),
                "-Xmx512m",
                "-cp",
                Submitted.classPath("clusterspark/target/testclasspath.txt"),
                Submitted.ROOT.resolve("job/clusterspark/YarnCluster.java").toString(),
                folder.toString(),
                "2"));
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Files.copy(Submitted.ROOT.resolve("conf/tiny.yaml"), folder.resolve("mine.yaml"));
        cluster = builder.start();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!Files.exists(folder.resolve("conf/yarn-site.xml"))) {
            if (cluster.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > end)
                throw new AssertionError("YARN did not start: " + Files.readString(log));
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster == null) return;
        cluster.getOutputStream().close();
        if (!cluster.waitFor(1, TimeUnit.MINUTES)) cluster.destroyForcibly();
    }

    @Test
    void aPolicyIsTrainedByExecutorsInContainers() throws Exception {
        String said = submit("client", train("run-a", 2)).ended(0).said();
        assertTrue(said.contains("lost 0, twice 0"), said);
        assertTrue(Files.isRegularFile(folder.resolve("run-a/checkpoints/step-000002/model.safetensors")));
        try (var logs = Files.list(folder.resolve("run-a/logs"))) {
            assertEquals(3, logs.count(), "one executor for each of three roles");
        }
    }

    @Test
    void inClusterModeTheDriverIsInAContainerToo() throws Exception {
        List<String> words = train("run-b", 1);
        words.addAll(List.of("--config", "mine.yaml")); // by --files in the container's folder
        String said = submit("cluster", words).ended(0).said();
        assertTrue(said.contains("final status: SUCCEEDED"), said);
        assertTrue(Files.isRegularFile(folder.resolve("run-b/checkpoints/step-000001/model.safetensors")));
    }

    @Test
    void inClusterModeBadInputIsToldInTheDiagnostics() throws Exception {
        String said = submit("cluster", List.of("train", "--set", "trainer.steps=x"))
                .ended(1)
                .said();
        assertTrue(said.contains("User application exited with status 2"), said);
    }

    private static List<String> train(String run, int steps) {
        List<String> words =
                new ArrayList<>(List.of("train", "--run", folder.resolve(run).toString()));
        words.addAll(List.of("--set", "trainer.steps=" + steps));
        words.addAll(Submitted.SMALL);
        return words;
    }

    /** Spark's own jars are on this machine; the job jar goes to the containers by YARN's own ways. */
    private static Submitted submit(String mode, List<String> program) throws IOException, InterruptedException {
        String spark = Submitted.classPath("clusterspark/target/classpath.txt");
        Path conf = folder.resolve("conf");
        Path settings = Files.writeString(
                folder.resolve("spark.properties"),
                "spark.yarn.jars "
                        + Arrays.stream(spark.split(":"))
                                .map(jar -> "local:" + jar)
                                .collect(Collectors.joining(","))
                        + "\nspark.yarn.stagingDir "
                        + folder.resolve("staging").toUri()
                        + "\nspark.yarn.maxAppAttempts 1\nspark.driver.memory 1g\nspark.executor.memory 1g\n");
        return Submitted.run(
                folder,
                conf + ":" + spark,
                Map.of("HADOOP_CONF_DIR", conf.toString(), "JAVA_HOME", System.getProperty("java.home")),
                List.of(
                        "--master",
                        "yarn",
                        "--deploy-mode",
                        mode,
                        "--files",
                        folder.resolve("mine.yaml").toString(),
                        "--properties-file",
                        settings.toString()),
                program);
    }
}
