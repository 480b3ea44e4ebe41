package io.tramontane.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import io.tramontane.data.UnreadableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Failures as a script; no time goes by, the pauses are written down. */
class SupervisorTest {
    private final List<Long> pauses = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private long progress;
    private int starts;
    private boolean stopping;

    private final Supervisor supervisor = new Supervisor("generator", () -> progress, new Supervisor.Run() {
        @Override
        public boolean stopping() {
            return stopping;
        }

        @Override
        public void restarts(RuntimeException failure, String count) {
            told.add(count + ": " + failure.getMessage());
        }

        @Override
        public void pause(Duration time, BooleanSupplier until) {
            pauses.add(time.toSeconds());
        }
    });

    private void killed() {
        throw new IllegalStateException("killed");
    }

    @Test
    void twoHundredFailuresWithProgressInBetweenDoNotEndIt() throws Exception {
        supervisor.supervise(failures -> {
            progress++;
            if (++starts <= 200) killed();
        });
        assertEquals(201, starts);
        assertEquals(Collections.nCopies(200, 0L), pauses);
        assertEquals("1 of 3 times: role generator failed: killed", told.get(199));
    }

    @Test
    void theFourthFailureInARowEndsItAfterPausesThatGrow() {
        Exception end = assertThrows(
                IllegalStateException.class,
                () -> supervisor.supervise(failures -> {
                    assertEquals(starts++, failures);
                    killed();
                }));
        assertEquals("killed", end.getMessage());
        assertEquals(4, starts);
        assertEquals(List.of(0L, 1L, 2L), pauses);
    }

    @Test
    void progressAfterThreeFailuresAllowsThreeMore() {
        assertThrows(
                IllegalStateException.class,
                () -> supervisor.supervise(failures -> {
                    if (++starts == 4) progress = 1;
                    killed();
                }));
        assertEquals(7, starts);
        assertEquals(List.of(0L, 1L, 2L, 0L, 1L, 2L), pauses);
    }

    @Test
    void badInputEndsItAtOnce() {
        assertThrows(
                BadInputException.class,
                () -> supervisor.supervise(failures -> {
                    starts++;
                    throw new BadInputException("no such file");
                }));
        assertEquals(1, starts);
    }

    @Test
    void aRunThatStopsStartsNothingAgain() {
        assertThrows(
                IllegalStateException.class,
                () -> supervisor.supervise(failures -> {
                    starts++;
                    stopping = true;
                    killed();
                }));
        assertEquals(1, starts);
        assertEquals(List.of(), told);
    }

    @Test
    void aStorageThatDidNotAnswerIsTriedAgainAndBadInputIsNot() throws Exception {
        supervisor.supervise(failures -> {
            if (++starts == 1) throw new UnreadableException("s3a://b/x: cannot be read (timeout)");
        });
        assertEquals(2, starts);
        assertThrows(
                BadInputException.class,
                () -> supervisor.supervise(failures -> {
                    starts++;
                    throw new BadInputException("batch is damaged");
                }));
        assertEquals(3, starts);
    }
}
