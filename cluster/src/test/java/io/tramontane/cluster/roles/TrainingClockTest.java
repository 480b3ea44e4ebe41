package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TrainingClockTest {
    private static final long SECOND = 1_000_000_000L;

    private long now = 5 * SECOND;

    private TrainingClock clock(double minutes, double secondsBefore) {
        return new TrainingClock(minutes, secondsBefore, () -> now);
    }

    @Test
    void trainingIsTimedFromTheFirstBatchToTheLastStep() {
        TrainingClock clock = clock(0, 100);
        assertEquals(100, clock.seconds());
        now += 50 * SECOND; // the program starts
        clock.batchTaken();
        now += 3 * SECOND;
        assertEquals(103, clock.seconds());
        clock.end();
        now += 60 * SECOND; // the last evaluation
        clock.end();
        assertEquals(103, clock.seconds());
    }

    @Test
    void aStepTakesTheTimeSinceTheOneBefore() {
        TrainingClock clock = clock(0, 0);
        clock.batchTaken();
        now += 2 * SECOND;
        assertEquals(2, clock.stepMade());
        now += SECOND;
        clock.batchTaken(); // waiting for a batch counts
        now += 4 * SECOND;
        assertEquals(5, clock.stepMade());
    }

    @Test
    void theMinutesCountFromTheFirstBatch() {
        TrainingClock clock = clock(0.5, 0);
        clock.groupScored();
        now += 29 * SECOND;
        clock.batchTaken();
        now += 30 * SECOND;
        assertFalse(clock.isOver());
        now += 1;
        assertTrue(clock.isOver());
    }

    @Test
    void whileThereIsNoBatchTheMinutesCountFromTheFirstScoredGroup() {
        TrainingClock clock = clock(0.5, 0);
        now += 1000 * SECOND;
        assertFalse(clock.isOver());
        clock.groupScored();
        now += 20 * SECOND;
        clock.groupScored();
        now += 10 * SECOND;
        assertFalse(clock.isOver());
        now += 1;
        assertTrue(clock.isOver());
    }

    @Test
    void withoutALimitTheTimeIsNeverOver() {
        TrainingClock clock = clock(0, 0);
        clock.batchTaken();
        now += 1_000_000 * SECOND;
        assertFalse(clock.isOver());
    }
}
