package io.tramontane.cluster.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tramontane.data.BadInputException;
import org.junit.jupiter.api.Test;

class ReplayRangeTest {
    private static final int[] KEPT = {40, 50, 60};

    private static ReplayRange of(Integer from, Integer to) {
        return ReplayRange.of(KEPT, 65, from, to);
    }

    private static String complaint(int[] kept, int last, Integer from, Integer to) {
        return assertThrows(BadInputException.class, () -> ReplayRange.of(kept, last, from, to))
                .getMessage();
    }

    @Test
    void trainingStartsAtTheNearestCheckpointBeforeTheFirstStep() {
        assertEquals(new ReplayRange(50, 53, 65), of(53, null));
        assertEquals(new ReplayRange(40, 50, 55), of(50, 55));
        assertEquals(new ReplayRange(50, 51, 51), of(51, 51));
        assertEquals(3, of(53, 53).steps());
    }

    @Test
    void beforeTheOldestCheckpointItStartsFromTheModel() {
        assertEquals(new ReplayRange(0, 40, 65), of(40, null));
        assertEquals(new ReplayRange(0, 1, 65), of(1, null));
    }

    @Test
    void theDefaultIsEverythingAfterTheOldestCheckpoint() {
        assertEquals(new ReplayRange(40, 41, 65), of(null, null));
        assertEquals(new ReplayRange(0, 1, 40), of(null, 40));
        assertEquals(new ReplayRange(0, 1, 65), ReplayRange.of(new int[0], 65, null, null));
        assertEquals(new ReplayRange(0, 1, 65), ReplayRange.of(new int[] {65}, 65, null, null));
    }

    @Test
    void aBadRangeSaysWhatIsAllowed() {
        assertEquals("--to 66, allowed 1 to 65, the last recorded step", complaint(KEPT, 65, 1, 66));
        assertEquals("--to 0, allowed 1 to 65, the last recorded step", complaint(KEPT, 65, null, 0));
        assertEquals("--from 0, allowed 1 to 65, the last recorded step", complaint(KEPT, 65, 0, null));
        assertEquals("--from 9, allowed 1 to 8, the value of --to", complaint(KEPT, 65, 9, 8));
        assertEquals("the ledger has no step: there is nothing to replay", complaint(KEPT, 0, null, null));
    }
}
