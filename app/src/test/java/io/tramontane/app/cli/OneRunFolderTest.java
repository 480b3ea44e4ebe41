package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.cli.Launched.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run as its user sees it from other shells: Spark's page, a second process on its folder, Ctrl-C; and one that fails. */
@Tag("cluster")
class OneRunFolderTest {
    private static final Pattern PAGE = Pattern.compile("Spark's page: (\\S+)");

    @TempDir
    Path folder;

    @Test
    void aRunKeepsItsFolderAndPrintsTheResumeCommandAfterCtrlC() throws Exception {
        Launched run = Launched.start(
                folder,
                Map.of("TRAMONTANE_JAVA_OPTS", "-Dspark.ui.port=0"),
                "train",
                "--run",
                "my run",
                "--set",
                "cluster.sparkUi=true",
                "--set",
                "trainer.batchSize=32",
                "--set",
                "trainer.minibatchSize=32",
                "--set",
                "evaluation.problems=0");
        try {
            String page = waitFor(run, PAGE).group(1);
            try (InputStream in = URI.create(page.replace("/?", "/api/v1/applications?"))
                    .toURL()
                    .openStream()) {
                assertEquals(
                        "tramontane my run",
                        new ObjectMapper().readTree(in).path(0).path("name").asText());
            }
            Ended second =
                    Launched.start(folder, Map.of(), "train", "--run", "my run").end();
            assertEquals(2, second.exit(), second.err());
            assertTrue(
                    second.err()
                            .matches("tramontane: run folder my run is in use by process "
                                    + run.process().pid() + " on \\S+ since \\S+: end that run first\n"),
                    second.err());
            assertEquals(
                    2,
                    Launched.start(folder, Map.of(), "train", "--resume", "--run", "my run")
                            .end()
                            .exit());
            assertEquals(
                    0,
                    Launched.start(folder, Map.of(), "report", "my run").end().exit());
            waitFor(run, Pattern.compile("\\n {7}1 "));
            new ProcessBuilder("kill", "-INT", Long.toString(run.process().pid()))
                    .start()
                    .waitFor();
            assertTrue(run.process().waitFor(60, TimeUnit.SECONDS), "Ctrl-C");
        } finally {
            run.process().destroyForcibly();
        }
        String out = Files.readString(run.out());
        assertEquals(130, run.process().exitValue(), out + Files.readString(run.err()));
        assertTrue(
                out.endsWith("Continue with: TRAMONTANE_JAVA_OPTS=-Dspark.ui.port=0 "
                        + Path.of(System.getProperty("tramontane.root"), "bin", "tramontane")
                                .toAbsolutePath()
                        + " train --resume --run 'my run'\n"),
                out);
    }

    private static Matcher waitFor(Launched run, Pattern text) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (System.nanoTime() < end) {
            Matcher found = text.matcher(Files.readString(run.out()));
            if (found.find()) return found;
            if (run.process().waitFor(200, TimeUnit.MILLISECONDS)) break;
        }
        throw new AssertionError(text + " not seen: " + Files.readString(run.out()) + Files.readString(run.err()));
    }

    @Test
    void aRewardThatAlwaysThrowsEndsTheRunAndIsNamedOnce() throws Exception {
        Path source = Files.writeString(
                folder.resolve("Angry.java"),
                "public class Angry implements io.tramontane.rewards.Reward {\n"
                        + "    public double of(io.tramontane.rewards.Judged judged) {\n"
                        + "        throw new IllegalStateException(\"the table is missing\");\n"
                        + "    }\n"
                        + "}\n");
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), source.toString());
        assertEquals(0, compiled);
        Ended ended = Launched.start(
                        folder,
                        Map.of("TRAMONTANE_CLASSPATH", folder.toString()),
                        "train",
                        "--run",
                        "run",
                        "--set",
                        "rewards.extra.temper.class=Angry",
                        "--set",
                        "cluster.maxUnscoredGroups=9",
                        "--set",
                        "evaluation.problems=0")
                .end();
        assertEquals(1, ended.exit(), ended.out() + ended.err());
        String why = "9 groups in a row could not be scored (cluster.maxUnscoredGroups 9), the last one because reward"
                + " temper (Angry) failed: java.lang.IllegalStateException: the table is missing";
        assertTrue(ended.err().contains("java.lang.IllegalStateException: " + why + "\n"), ended.err());
        String output = ended.out() + ended.err();
        assertEquals(output.indexOf("the table is missing"), output.lastIndexOf("the table is missing"), output);
        assertFalse(output.contains("FORMAT_ERROR"), output);
        assertTrue(ended.err().contains("\nContinue with: "), ended.err());
        assertTrue(Files.readString(folder.resolve("run/report.html")).contains("The run failed: " + why), "no alarm");
    }
}
