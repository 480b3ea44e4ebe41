package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As many kills of trainer and generator in one run as {@code -Dtramontane.kills} says, of each. */
@Tag("cluster")
@Tag("heavy")
class KillsTest {
    private static final int KILLS = Integer.getInteger("tramontane.kills", 6); // more than failures in a row may be

    @TempDir
    Path folder;

    private int step() {
        return History.read(RunProcess.events(folder)).lastStep();
    }

    private String pid(String role) throws IOException {
        return Files.readString(folder.resolve(role + ".pid"));
    }

    /** Kills the process of a role and waits until the next one is there and the run goes on. */
    private void kill(RunProcess driver, String role) throws IOException, InterruptedException {
        String killed = pid(role);
        ProcessHandle.of(Long.parseLong(killed)).ifPresent(ProcessHandle::destroyForcibly);
        do driver.awaitStep(step() + 1);
        while (pid(role).equals(killed));
    }

    @Test
    void killsWithProgressInBetweenDoNotEndARun() throws Exception {
        try (RunProcess driver =
                RunProcess.start(ChaosTest.DriverProcess.class, folder, "local-cluster[3,1,1024]", 1_000_000, false)) {
            driver.awaitStep(2);
            for (int i = 0; i < KILLS; i++) {
                kill(driver, "trainer");
                kill(driver, "generator");
            }
            driver.process().destroy(); // as Ctrl-C
            driver.awaitEnd(120);
            String log = driver.log();
            assertEquals(
                    KILLS,
                    log.lines().filter(l -> l.startsWith("the trainer failed")).count(),
                    log);
            assertTrue(
                    log.lines().filter(l -> l.startsWith("generator-0 failed")).count() >= KILLS, log);
        }
        Audit audit = Audit.of(RunProcess.events(folder));
        assertTrue(audit.exact(), audit.toString());
    }
}
