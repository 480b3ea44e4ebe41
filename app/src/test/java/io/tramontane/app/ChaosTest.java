package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose processes are killed or interrupted. */
@Tag("cluster")
class ChaosTest {
    private static final int STEPS = 16;
    private static final long PATIENCE_SECONDS = 420;

    @TempDir
    Path folder;

    /** The driver's process; {@code args} are the scratch folder, the master, the steps, and whether to resume. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            Config config = TinyRun.config(Integer.parseInt(args[2]), 2, 4);
            TinyRun told = new TinyRun();
            int code = 1;
            try {
                RunFolder run = new RunFolder(scratch.resolve("run"));
                boolean resume = Boolean.parseBoolean(args[3]);
                code = TrainRun.run(config, run, resume, args[1], told.setup(config, scratch));
            } catch (Throwable e) {
                e.printStackTrace();
            }
            told.messages.forEach(System.out::println);
            System.exit(code);
        }
    }

    private Path events() {
        return RunState.eventsFile(new RunFolder(folder.resolve("run")));
    }

    private Process start(String master, int steps, boolean resume) throws IOException {
        String home =
                Files.createDirectories(folder.resolve("home/jars")).getParent().toString();
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-opens") || option.startsWith("-Dai.djl"))
                .toList());
        command.addAll(List.of("-Xmx512m", "-Dspark.executor.extraClassPath=" + classPath, "-cp", classPath));
        command.addAll(List.of(
                DriverProcess.class.getName(),
                folder.toString(),
                master,
                Integer.toString(steps),
                Boolean.toString(resume)));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(folder.toFile());
        builder.redirectOutput(folder.resolve("driver.log").toFile());
        builder.environment().put("SPARK_HOME", home);
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return builder.start();
    }

    /** Waits until the ledger has recorded this many steps; the file system tells when it grew. */
    private void awaitStep(Process driver, int step) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Files.createDirectories(events().getParent());
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            events().getParent()
                    .register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            while (History.read(events()).lastStep() < step) {
                assertTrue(driver.isAlive() && System.nanoTime() < end, "step " + step + " not reached: " + log());
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) key.reset();
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("driver.log"));
    }

    private void kill(String role) throws IOException {
        long pid = Long.parseLong(Files.readString(folder.resolve(role + ".pid")));
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly(), role + " " + pid);
    }

    @Test
    void theLedgerIsExactAfterAGeneratorAndATrainerWereKilled() throws Exception {
        Process driver = start("local-cluster[3,1,1024]", STEPS, false);
        try {
            awaitStep(driver, 3);
            kill("generator");
            awaitStep(driver, 9);
            kill("trainer");
            assertTrue(driver.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), log());
            assertEquals(0, driver.exitValue(), log());
        } finally {
            driver.destroyForcibly();
        }
        Audit audit = Audit.of(events());
        assertTrue(audit.exact(), audit.toString());
        assertEquals(STEPS * 2L, audit.trained());
        String events = Files.readString(events());
        assertTrue(events.contains("started again"), "no lease was given back");
        assertTrue(log().contains("the trainer failed and starts again"), log());
        assertTrue(log().contains("times): role trainer failed: executor "), log());
        assertTrue(
                log().lines().noneMatch(line -> line.startsWith("the trainer") && line.contains("ResultStage")), log());
        assertTrue(
                log().contains("the others have 2 cores, the roles need 3: waiting for Spark to start another"), log());
        assertTrue(Files.size(folder.resolve("run/logs/executor-0.log")) > 0);
    }

    @Test
    void anInterruptedRunSavesAndResumes() throws Exception {
        Process driver = start("local[*]", 1_000_000, false);
        try {
            awaitStep(driver, 3);
            driver.destroy(); // as Ctrl-C
            assertTrue(driver.waitFor(30, TimeUnit.SECONDS), "still alive after 30 s: " + log());
        } finally {
            driver.destroyForcibly();
        }
        int done = History.read(events()).lastStep();
        assertTrue(Files.isDirectory(new RunFolder(folder.resolve("run")).checkpoint(done)), log());
        assertTrue(Audit.of(events()).exact(), Audit.of(events()).toString());
        assertTrue(
                Files.readString(events())
                        .strip()
                        .lines()
                        .reduce("", (a, b) -> b)
                        .contains("stopped"),
                log());

        Process again = start("local[*]", done + 2, true);
        try {
            assertTrue(again.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), log());
            assertEquals(0, again.exitValue(), log());
        } finally {
            again.destroyForcibly();
        }
        assertEquals((done + 2) * 2L, Audit.of(events()).trained());
        assertTrue(Audit.of(events()).exact(), Audit.of(events()).toString());
    }
}
