package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.ConfigReader;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs in which sequences are under way when weights arrive. */
@Timeout(120)
class OnSwapRunTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"keep, 3", "recompute, 3", "drain, 3", "drain, 1", "recompute, 0", "drain, 0"})
    void everyGroupIsTrainedOnceWhateverBecomesOfSequencesUnderWay(String onSwap, int maxLag) {
        Config config = ConfigReader.read(
                TinyRun.config(6, maxLag, 100), Optional.empty(), List.of("rollout.onSwap=" + onSwap));
        TinyRun told = new TinyRun();
        TrainRun.run(config, new RunFolder(folder), false, "local[*]", told.setup(config, folder));
        assertEquals(List.of(1, 2, 3, 4, 5, 6), told.column("step"));
        assertTrue(
                told.column("mismatchKl").stream().allMatch(kl -> (double) kl < 1e-6), "" + told.column("mismatchKl"));
        assertTrue(told.column("lagMax").stream().allMatch(lag -> (int) lag <= maxLag), "" + told.column("lagMax"));
        if (onSwap.equals("drain"))
            assertTrue(
                    told.column("multiVersionShare").stream().allMatch(share -> (double) share == 0),
                    "" + told.column("multiVersionShare"));
        Audit audit = Audit.of(RunState.eventsFile(new RunFolder(folder)));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(12, audit.trained());
        assertEquals("all steps made", told.end.get(0).get("reason"));
    }
}
