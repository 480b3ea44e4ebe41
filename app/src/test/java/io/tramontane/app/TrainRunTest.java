package io.tramontane.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.cluster.TrainRun;
import io.tramontane.cluster.config.ClusterConfig;
import io.tramontane.cluster.config.Config;
import io.tramontane.cluster.config.Count;
import io.tramontane.cluster.config.EvaluationConfig;
import io.tramontane.cluster.ledger.Audit;
import io.tramontane.cluster.ledger.History;
import io.tramontane.cluster.roles.RunState;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.cluster.run.Sample;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.PolicyConfig;
import java.io.IOException;
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
        TrainRun.run(config, new RunFolder(run), resume, "local[*]", told.setup(config, folder));
    }

    private History history(Path run) {
        return History.read(RunState.eventsFile(new RunFolder(run)));
    }

    @Test
    void aRunTrainsEvaluatesAndAccountsForEveryGroup() throws IOException {
        TinyRun told = new TinyRun();
        Config config = TinyRun.config(4, 2, 100).with(new EvaluationConfig(8, 2, true));
        run(config, folder, false, told);
        assertEquals(List.of(1, 2, 3, 4), told.column("step"));
        assertTrue(
                told.column("mismatchKl").stream().allMatch(kl -> (double) kl < 1e-6), "" + told.column("mismatchKl"));
        assertTrue(told.column("lagMax").stream().allMatch(lag -> (int) lag <= 2));
        assertEquals(
                List.of(0, 2, 4), told.eval.stream().map(row -> row.get("step")).toList());
        assertEquals(8, told.eval.get(0).get("problems"));
        for (Sample.Phase phase : List.of(Sample.Phase.BEFORE, Sample.Phase.AFTER))
            assertEquals(
                    8, told.samples.stream().filter(s -> s.phase() == phase).count(), "" + phase);
        assertEquals(8, ((Map<?, ?>) told.eval.get(0).get("forced")).get("problems"));
        Audit audit = Audit.of(RunState.eventsFile(new RunFolder(folder)));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(8, audit.trained());
        assertEquals("all steps made", told.end.get(0).get("reason"));
        Path state = new RunFolder(folder).checkpoint(4).local().resolve("state.json");
        assertEquals(
                8, new ObjectMapper().readTree(state.toFile()).get("updates").asLong());
        assertEquals(8, config.updates()); // what the plan says of it
    }

    @Test
    void aSynchronousRunThatIsResumedEndsWithTheSameWeights() throws IOException {
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        run(TinyRun.config(4, 0, 1), whole, false, new TinyRun());
        run(TinyRun.config(2, 0, 1), parts, false, new TinyRun());
        TinyRun told = new TinyRun();
        told.trainSecondsBefore = 900.5;
        run(TinyRun.config(4, 0, 1), parts, true, told);
        double seconds = (double) told.end.get(0).get("trainSeconds");
        assertTrue(seconds > 900.5 && seconds < 1000, seconds + " s, of which 900.5 before the resume");
        assertEquals(List.of(3, 4), told.column("step"));
        assertEquals(history(whole).steps(), history(parts).steps());
    }

    @Test
    void aRunEndsWhenItsMinutesAreOver() {
        TinyRun told = new TinyRun();
        run(TinyRun.config(1_000_000, 0.05, 1_000_000, cluster(60, 1e-3)), folder, false, told);
        assertEquals("trainer.minutes are over", told.end.get(0).get("reason"));
        double seconds = (double) told.end.get(0).get("trainSeconds");
        assertTrue(seconds >= 3 && seconds < 30, seconds + " s instead of 3 s and the step that was being made");
        int last = history(folder).lastStep();
        assertTrue(Files.isDirectory(new RunFolder(folder).checkpoint(last).local()), "no checkpoint of step " + last);
        assertEquals(last, told.eval.get(told.eval.size() - 1).get("step"));
        assertTrue(Audit.of(RunState.eventsFile(new RunFolder(folder))).exact());
    }

    @Test
    void aRunThatEndsWithoutAStepHasFailed() {
        TinyRun told = new TinyRun();
        told.reward = sum -> 0; // every group agrees
        Exception e = assertThrows(
                IllegalStateException.class,
                () -> run(TinyRun.config(1_000_000, 0.02, 100, cluster(60, 1e-3)), folder, false, told));
        assertTrue(
                e.getMessage()
                        .matches(
                                "no step was made \\(trainer.minutes are over\\): \\d+ groups were scored, 0 of them with"
                                        + " different rewards; a batch needs 2 groups with different rewards"),
                e.getMessage());
        assertEquals("failed: " + e.getMessage(), told.end.get(0).get("reason"));
    }

    @Test
    void aRunWhoseGroupsAllHaveOneRewardEndsAfterSoManyOfThem() {
        TinyRun told = new TinyRun();
        told.reward = sum -> 0;
        ClusterConfig usual = cluster(60, 1e-3);
        ClusterConfig twelve = new ClusterConfig(
                Count.of(1),
                Count.of(1),
                1,
                1,
                2,
                60,
                60,
                60,
                usual.maxMismatchKl(),
                32,
                12,
                usual.device(),
                false,
                false);
        Exception e = assertThrows(
                IllegalStateException.class, () -> run(TinyRun.config(5, 0, 100, twelve), folder, false, told));
        assertEquals(
                "no group to train on: 12 groups in a row had no signal (cluster.maxGroupsWithoutSignal 12):"
                        + " 0.0 % all correct, 100.0 % all wrong, 0.0 % unscored; the last reward was 0.20, WRONG",
                e.getMessage());
        assertEquals("failed: " + e.getMessage(), told.end.get(0).get("reason"));
        assertEquals(List.of(), told.train);
    }

    @Test
    void generatorAndTrainerThatDisagreeEndTheRun() {
        TinyRun told = new TinyRun();
        Config strict = TinyRun.config(1_000_000, 0, 100, cluster(60, 1e-300));
        Exception e = assertThrows(IllegalStateException.class, () -> run(strict, folder, false, told));
        assertTrue(e.getMessage().startsWith("generator and trainer disagree: mean KL "), e.getMessage());
        assertTrue(e.getMessage().endsWith("cluster.maxMismatchKl allows 1.0E-300"), e.getMessage());
        assertTrue(told.end.get(0).get("reason").toString().startsWith("failed: generator"), "" + told.end);
    }

    @Test
    void aRunWithoutProgressEnds() {
        TinyRun told = new TinyRun();
        Config impatient = TinyRun.config(1_000_000, 0, 100, cluster(1e-3, 1e-3));
        Exception e = assertThrows(IllegalStateException.class, () -> run(impatient, folder, false, told));
        assertTrue(e.getMessage().startsWith("no progress for "), e.getMessage());
        assertTrue(e.getMessage().contains("cluster.stallSeconds 0.001"), e.getMessage());
        assertTrue(e.getMessage().contains(" groups: "), "where the groups are: " + e.getMessage());
    }

    private static ClusterConfig cluster(double stallSeconds, double maxMismatchKl) {
        return new ClusterConfig(1, 1, 1, 1, 2, 60, stallSeconds, maxMismatchKl);
    }

    @Test
    void aRunOfAnOlderVersionGoesOnAndItsLedgerStaysExact() throws IOException {
        RunFolder old = OldRun.in(folder.resolve("old"));
        Config config = TinyRun.config(3, 0, 1);
        TinyRun told = new TinyRun();
        TrainRun.Setup setup = told.setup(config, folder);
        PolicyConfig shape = Checkpoint.config(old.checkpoint(2).local());
        TrainRun.run(config, old, true, "local[*]", new TrainRun.Setup(setup.roles(), shape, told));
        assertEquals(List.of(3), told.column("step"));
        Audit audit = Audit.of(RunState.eventsFile(old));
        assertTrue(audit.exact(), audit.toString());
        assertEquals(6, audit.trained()); // three steps of two groups
    }
}
