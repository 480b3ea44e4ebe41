package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static List<Integer> saved(CatchUp catchUp) {
        return IntStream.rangeClosed(1, 6).filter(catchUp::saves).boxed().toList();
    }

    @Test
    void aFirstStartSavesNothingExtra() {
        assertEquals(List.of(), saved(CatchUp.NONE));
        assertEquals(List.of(), saved(new CatchUp(4, 0)));
    }

    @Test
    void afterAFailureTheStepIsSavedAtWhichTheTrainersHaveCaughtUp() {
        assertEquals(List.of(4), saved(new CatchUp(4, 1)));
    }

    @Test
    void afterTwoFailuresInARowEachStepIsSavedUntilThen() {
        assertEquals(List.of(1, 2, 3, 4), saved(new CatchUp(4, 2)));
    }
}
