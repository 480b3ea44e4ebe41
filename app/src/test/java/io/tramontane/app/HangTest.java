package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.roles.RunListener;
import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that stop and threads that hang, in a local cluster. */
@Tag("cluster")
@Tag("heavy")
class HangTest {
    private static final int STEPS = 14;
    private static final long WITHIN_MILLIS = 20_000;

    @TempDir
    Path folder;

    /** Prints each message with its time. */
    static final class PrintingListener implements RunListener {
        @Override
        public void message(String line) {
            System.out.println(System.currentTimeMillis() + " " + line);
        }
    }

    /** The driver's process, which prints each message with its time; {@code args} are the folder and which roles hang once. */
    static final class DriverProcess {
        public static void main(String[] args) {
            Path scratch = Path.of(args[0]);
            Config config = TinyRun.config(STEPS, 2, 4);
            TrainRun.Setup setup = new TinyRun().setup(config, scratch);
            int code = 1;
            try {
                RunFolder run = new RunFolder(scratch.resolve("run"));
                boolean hangs = Boolean.parseBoolean(args[1]);
                TrainRun.Setup told = new TrainRun.Setup(
                        hangs ? new HangingRoles(setup.roles(), scratch.toString()) : setup.roles(),
                        setup.policy(),
                        new PrintingListener());
                code = TrainRun.run(config, run, false, "local-cluster[3,1,1024]", told);
            } catch (Throwable e) {
                e.printStackTrace();
            }
            System.exit(code);
        }
    }

    private void stop(String role) throws IOException, InterruptedException {
        String pid = Files.readString(folder.resolve(role + ".pid"));
        assertEquals(0, new ProcessBuilder("kill", "-STOP", pid).start().waitFor());
    }

    private static Optional<Long> time(RunProcess driver, String text) throws IOException {
        return driver.log()
                .lines()
                .filter(line -> line.matches("\\d+ .*") && line.contains(text))
                .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
                .findFirst();
    }

    private void exact() {
        Audit audit = Audit.of(RunProcess.events(folder));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(STEPS * 2L, audit.trained());
    }

    @Test
    void aStoppedTrainerAndAStoppedGeneratorAreNoticedWithinTwentySeconds() throws Exception {
        try (RunProcess driver = RunProcess.start(DriverProcess.class, folder, false)) {
            driver.awaitStep(3);
            long trainer = System.currentTimeMillis();
            stop("trainer");
            driver.awaitStep(7);
            long generator = System.currentTimeMillis();
            stop("generator");
            driver.awaitEnd();
            long noticed = time(driver, "the trainer failed").orElseThrow() - trainer;
            long second = time(driver, "generator-0 failed").orElseThrow() - generator;
            System.err.println("noticed after " + noticed + " and " + second + " ms");
            assertTrue(noticed < WITHIN_MILLIS && second < WITHIN_MILLIS, driver.log());
        }
        exact();
    }

    @Test
    void aThreadThatHangsIsReplacedAndOneThatComputesForLongIsNot() throws Exception {
        try (RunProcess driver = RunProcess.start(DriverProcess.class, folder, true)) {
            driver.awaitEnd();
            String log = driver.log();
            assertTrue(
                    time(driver, "generator-0 hangs: no progress and no CPU time for")
                            .isPresent(),
                    log);
            assertTrue(log.contains("; the last it said: decodes with version "), log);
            assertTrue(time(driver, "verifier-0").isEmpty(), log);
            long began =
                    Files.getLastModifiedTime(folder.resolve("generator.hung")).to(TimeUnit.MILLISECONDS);
            long noticed = time(driver, "generator-0 failed").orElseThrow() - began;
            System.err.println("noticed after " + noticed + " ms");
            assertTrue(noticed < WITHIN_MILLIS, log);
            assertTrue(Files.exists(folder.resolve("verifier.slow")));
        }
        exact();
    }
}
