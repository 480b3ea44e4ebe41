package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RunLifecycleTest {
    private final RunLifecycle run = new RunLifecycle();

    @Test
    void aRunTrainsSavesAndEvaluates() {
        assertEquals(RunPhase.TRAINING, run.phase());
        assertTrue(run.endTraining());
        assertEquals(RunPhase.SAVING, run.phase());
        assertFalse(run.finished(0)); // the last checkpoint is not saved
        run.saved();
        assertEquals(RunPhase.EVALUATING, run.phase());
        assertFalse(run.finished(1));
        assertTrue(run.finished(0));
        run.stop();
        assertEquals(RunPhase.STOPPED, run.phase());
    }

    @Test
    void ctrlCInTheMiddleOfAStepLeavesTheStepAndTheCheckpoint() {
        run.interrupt();
        assertEquals(RunPhase.INTERRUPTED, run.phase());
        assertFalse(run.phase().trainingOver());
        assertTrue(run.endTraining());
        assertEquals(RunPhase.INTERRUPTED_SAVING, run.phase());
        assertFalse(run.finished(0));
        run.saved();
        assertTrue(run.finished(3)); // open evaluations are left out
        assertTrue(run.interrupted());
    }

    @Test
    void ctrlCAfterTheLastStepLeavesTheEvaluationsOut() {
        run.endTraining();
        run.interrupt();
        assertEquals(RunPhase.INTERRUPTED_SAVING, run.phase());
        RunLifecycle evaluating = new RunLifecycle();
        evaluating.endTraining();
        evaluating.saved();
        evaluating.interrupt();
        assertEquals(RunPhase.INTERRUPTED_SAVED, evaluating.phase());
        assertTrue(evaluating.finished(3));
    }

    @Test
    void aTrainerThatStartsAgainEndsAndSavesTwiceWithoutEffect() {
        assertTrue(run.endTraining());
        assertFalse(run.endTraining());
        run.saved();
        run.saved();
        assertEquals(RunPhase.EVALUATING, run.phase());
        run.stop();
        run.stop();
        run.saved();
        run.interrupt();
        assertFalse(run.endTraining());
        assertEquals(RunPhase.STOPPED, run.phase());
    }

    @Test
    void theLastCheckpointOfARunThatTrainsIsRefused() {
        assertEquals(
                "the last checkpoint is saved, but the run is TRAINING",
                assertThrows(IllegalStateException.class, run::saved).getMessage());
        assertEquals(RunPhase.TRAINING, run.phase());
    }

    @Test
    void theFirstFailureCounts() {
        assertEquals(Optional.empty(), run.failure());
        Throwable first = new IllegalStateException("first");
        run.fail(first);
        run.fail(new IllegalStateException("second"));
        assertSame(first, run.failure().orElseThrow());
    }

    /** The whole table, so that a new arrow is written down here as well. */
    @Test
    void onlyTheseChangesOfPhaseAreLegal() {
        Map<RunPhase, List<RunPhase>> legal = new TreeMap<>();
        for (RunPhase from : RunPhase.values())
            legal.put(
                    from, Arrays.stream(RunPhase.values()).filter(from::allows).toList());
        assertEquals(
                "{TRAINING=[INTERRUPTED, SAVING, STOPPED], INTERRUPTED=[INTERRUPTED_SAVING, STOPPED],"
                        + " SAVING=[EVALUATING, INTERRUPTED_SAVING, STOPPED], EVALUATING=[INTERRUPTED_SAVED, STOPPED],"
                        + " INTERRUPTED_SAVING=[INTERRUPTED_SAVED, STOPPED], INTERRUPTED_SAVED=[STOPPED], STOPPED=[]}",
                legal.toString());
    }

    @Test
    void tasksStopAfterCtrlCAndAtTheEnd() {
        List<RunPhase> stopping =
                Arrays.stream(RunPhase.values()).filter(RunPhase::stopping).toList();
        assertEquals(
                List.of(
                        RunPhase.INTERRUPTED,
                        RunPhase.INTERRUPTED_SAVING,
                        RunPhase.INTERRUPTED_SAVED,
                        RunPhase.STOPPED),
                stopping);
    }
}
