package io.tramontane.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One call of the class behind {@code spark-submit} with the job jar, in a process of its own.
 *
 * @param exit code of the process
 * @param said on both outputs
 */
record Submitted(int exit, String said) {
    static final Path ROOT = Path.of(System.getProperty("tramontane.root")).toAbsolutePath();

    /** Few tokens, so that a step takes seconds. */
    static final List<String> SMALL = List.of(
            "--set",
            "trainer.batchSize=32",
            "--set",
            "trainer.minibatchSize=32",
            "--set",
            "rollout.groupSize=8",
            "--set",
            "rollout.slots=32",
            "--set",
            "data.gym.codeShare=0",
            "--set",
            "evaluation.problems=0",
            "--set",
            "evaluation.forced=false");

    /**
     * Runs it to its end.
     *
     * @param folder that it runs in
     * @param classPath of a Spark
     * @param spark what spark-submit is told before the jar
     * @param program what our program is told
     */
    static Submitted run(
            Path folder, String classPath, Map<String, String> environment, List<String> spark, List<String> program)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                java(),
                "@" + ROOT.resolve("app/target/dist/conf/java.opts"),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                "org.apache.spark.deploy.SparkSubmit"));
        words.addAll(spark);
        words.addAll(List.of("--class", "io.tramontane.app.cli.Tramontane"));
        words.add(ROOT.resolve("job/target/tramontane-job-0.1.0.jar").toString());
        words.addAll(program);
        Path said = Files.createTempFile(folder, "said", "");
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(4, TimeUnit.MINUTES)) process.destroyForcibly();
        return new Submitted(process.waitFor(), Files.readString(said));
    }

    /** The Java of this test. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A class path that Maven has written. */
    static String classPath(String file) throws IOException {
        return Files.readString(ROOT.resolve("job").resolve(file)).strip();
    }

    /** The same, after the exit code was as it must be. */
    Submitted ended(int expected) {
        assertEquals(expected, exit, said);
        return this;
    }
}
