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
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs whose generators sample with int8 weights. */
@Timeout(120)
class Int8RunTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void generatorsAreNearTheTrainerAndTheDifferenceIsCorrected(int maxLag) {
        Config config =
                ConfigReader.read(TinyRun.config(4, maxLag, 100), Optional.empty(), List.of("rollout.dtype=int8"));
        TinyRun told = new TinyRun();
        TrainRun.run(config, new RunFolder(folder), false, "local[*]", told.setup(config, folder));
        assertEquals("all steps made", told.end.get(0).get("reason"));
        assertEquals(List.of(1, 2, 3, 4), told.column("step"));
        assertTrue(
                told.column("mismatchKl").stream().allMatch(kl -> (double) kl > 1e-8 && (double) kl < 0.05),
                "" + told.column("mismatchKl"));
        // truncated importance sampling tells which share of the tokens it bounds
        assertEquals(4, told.column("correctionBoundShare").size());
        assertTrue(
                told.column("correctionBoundShare").stream().allMatch(share -> share instanceof Number),
                "" + told.column("correctionBoundShare"));
        assertTrue(Audit.of(RunState.eventsFile(new RunFolder(folder))).exact());
    }
}
