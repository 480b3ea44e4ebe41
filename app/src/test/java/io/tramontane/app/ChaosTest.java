package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose processes are killed or interrupted. */
@Tag("cluster")
class ChaosTest {
    private static final int STEPS = 10;

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

    private StoragePath events() {
        return RunProcess.events(folder);
    }

    private RunProcess start(String master, int steps, boolean resume) throws IOException {
        return RunProcess.start(DriverProcess.class, folder, master, steps, resume);
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
        try (RunProcess driver = start("local-cluster[3,1,1024]", STEPS, false)) {
            driver.awaitStep(3);
            kill("generator");
            driver.awaitStep(6);
            kill("trainer");
            driver.awaitEnd();
        }
        Audit audit = Audit.of(events());
        assertTrue(audit.exact(), audit.toString());
        assertEquals(STEPS * 2L, audit.trained());
        // whether it held groups at that moment is chance
        assertTrue(
                log().contains("generator-0 failed and starts again (1 of 3 times): role generator failed: "), log());
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
        try (RunProcess driver = start("local[*]", 1_000_000, false)) {
            driver.awaitStep(3);
            driver.process().destroy(); // as Ctrl-C
            driver.awaitEnd(30);
        }
        int done = History.read(events()).lastStep();
        assertTrue(
                Files.isDirectory(
                        new RunFolder(folder.resolve("run")).checkpoint(done).local()),
                log());
        assertTrue(Audit.of(events()).exact(), Audit.of(events()).toString());
        assertTrue(
                Files.readString(events().local())
                        .strip()
                        .lines()
                        .reduce("", (a, b) -> b)
                        .contains("stopped"),
                log());

        assertTrue(log().contains("kept for --resume: "), log());
        List<Path> kept = spilled();
        assertTrue(kept.size() >= 2, kept.toString());
        byte[] bytes = Files.readAllBytes(kept.get(0));
        bytes[bytes.length - 100] ^= 1;
        Files.write(kept.get(0), bytes);

        try (RunProcess again = start("local[*]", done + 6, true)) {
            again.awaitEnd();
        }
        assertTrue(log().contains("damaged and left out: spilled " + kept.get(0).getFileName() + "\n"), log());
        assertTrue(log().contains("goes on with " + (kept.size() - 1) + " spilled group"), log());
        assertEquals(List.of(), spilled()); // all are trained or dropped: they were due
        assertEquals((done + 6) * 2L, Audit.of(events()).trained());
        assertTrue(Audit.of(events()).exact(), Audit.of(events()).toString());
    }

    private List<Path> spilled() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("run/spill"))) {
            return files.sorted().toList();
        }
    }
}
