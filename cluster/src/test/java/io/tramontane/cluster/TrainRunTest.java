package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.report.RunFolder;
import io.tramontane.cluster.roles.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop in one process: Spark, Flight, the real policy. */
class TrainRunTest {
    @TempDir
    Path folder;

    private void run(Config config, Path run, boolean resume, TinyRun told) {
        TrainRun.run(config, new RunFolder(run), resume, "local[*]", told.inside(config, folder));
    }

    private History history(Path run) {
        return History.read(Progress.eventsFile(new RunFolder(run)));
    }

    @Test
    void aRunTrainsEvaluatesAndAccountsForEveryGroup() {
        TinyRun told = new TinyRun();
        run(TinyRun.config(4, 2, 100), folder, false, told);
        assertEquals(List.of(1, 2, 3, 4), told.column("step"));
        assertTrue(
                told.column("mismatchKl").stream().allMatch(kl -> (double) kl < 1e-6), "" + told.column("mismatchKl"));
        assertTrue(told.column("lagMax").stream().allMatch(lag -> (int) lag <= 2));
        assertEquals(
                List.of(0, 4), told.eval.stream().map(row -> row.get("step")).toList());
        assertEquals(8, told.eval.get(0).get("problems"));
        assertEquals(8, ((Map<?, ?>) told.eval.get(0).get("forced")).get("problems"));
        Audit audit = Audit.of(Progress.eventsFile(new RunFolder(folder)));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(8, audit.trained());
        assertEquals("all steps made", told.end.get(0).get("reason"));
        assertTrue(Files.isDirectory(new RunFolder(folder).checkpoint(4)));
    }

    @Test
    void aSynchronousRunThatIsResumedEndsWithTheSameWeights() {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        run(TinyRun.config(4, 0, 1), whole, false, new TinyRun());
        run(TinyRun.config(2, 0, 1), parts, false, new TinyRun());
        TinyRun told = new TinyRun();
        run(TinyRun.config(4, 0, 1), parts, true, told);
        assertEquals(List.of(3, 4), told.column("step"));
        assertEquals(history(whole).steps(), history(parts).steps());
    }
}
