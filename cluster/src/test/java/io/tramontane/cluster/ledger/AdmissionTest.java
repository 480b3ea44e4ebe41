package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void withoutLagOnlyTheNextBatchMayBeOutstanding() {
        Admission sync = new Admission(BatchSizes.always(2), 0);
        assertTrue(sync.holds(1, List.of(0, 0), 0)); // due at step 1, (1 - 0) * 2 = 2 places
        assertFalse(sync.holds(1, List.of(0, 0, 0), 0));
        assertFalse(sync.holds(1, List.of(0), 1)); // its step is gone
        assertTrue(sync.holds(1, List.of(1, 1), 1));
    }

    @Test
    void lagOneAllowsOneBatchMore() {
        Admission one = new Admission(BatchSizes.always(2), 1);
        assertTrue(one.holds(1, List.of(0, 0, 0, 0), 0)); // due at step 2: 2 * 2 places
        assertFalse(one.holds(1, List.of(0, 0, 0, 0, 0), 0));
    }

    @Test
    void oldGroupsThatWouldNotFitIntoTheirLastStepTogetherAreSeenEarly() {
        // maxLag 2, two places a step: groups of version 0 are due at step 3. After two batches only step 3 is left.
        Admission two = new Admission(BatchSizes.always(2), 2);
        assertTrue(two.holds(1, List.of(0, 0), 2));
        assertFalse(two.holds(1, List.of(0, 0, 0), 2));
        assertTrue(two.holds(1, List.of(0, 0, 1, 1), 2)); // two due at 3, two more due at 4
        assertFalse(two.holds(1, List.of(0, 0, 1, 1, 1), 2)); // five due at 4, (4 - 2) * 2 = 4 places
    }

    @Test
    void aStageHasTheStepsBetweenItsFirstAndItsLast() {
        // two places a step up to step 3, three from step 4 on
        Admission staged = new Admission(BatchSizes.of(new TreeMap<>(Map.of(1, 2, 4, 3))), 4);
        assertTrue(staged.holds(1, List.of(0, 0, 0, 0, 0, 0), 0)); // due at step 5, but only steps 1 to 3 are theirs
        assertFalse(staged.holds(1, List.of(0, 0, 0, 0, 0, 0, 0), 0));
        assertTrue(staged.holds(4, List.of(0, 0, 0, 0, 0, 0), 0)); // steps 4 and 5
        assertFalse(staged.holds(4, List.of(0, 0, 0, 0, 0, 0, 0), 0));
        assertFalse(staged.holds(1, List.of(3), 3)); // the stage is over
        assertTrue(staged.holds(4, List.of(0, 0, 0), 4));
        assertFalse(staged.holds(4, List.of(0, 0, 0, 0), 4)); // only step 5 is left
    }
}
