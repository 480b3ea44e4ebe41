package io.tramontane.cluster.ledger;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    @Test
    void withoutLagOnlyTheNextBatchMayBeOutstanding() {
        Admission sync = new Admission(2, 0);
        assertTrue(sync.holds(List.of(0, 0), 0)); // due at step 1, (1 - 0) * 2 = 2 places
        assertFalse(sync.holds(List.of(0, 0, 0), 0));
        assertFalse(sync.holds(List.of(0), 1)); // its step is gone
        assertTrue(sync.holds(List.of(1, 1), 1));
    }

    @Test
    void lagOneAllowsOneBatchMore() {
        Admission one = new Admission(2, 1);
        assertTrue(one.holds(List.of(0, 0, 0, 0), 0)); // due at step 2: 2 * 2 places
        assertFalse(one.holds(List.of(0, 0, 0, 0, 0), 0));
    }

    @Test
    void oldGroupsThatWouldNotFitIntoTheirLastStepTogetherAreSeenEarly() {
        // maxLag 2, two places a step: groups of version 0 are due at step 3. After two batches only step 3 is left.
        Admission two = new Admission(2, 2);
        assertTrue(two.holds(List.of(0, 0), 2));
        assertFalse(two.holds(List.of(0, 0, 0), 2));
        assertTrue(two.holds(List.of(0, 0, 1, 1), 2)); // two due at 3, two more due at 4
        assertFalse(two.holds(List.of(0, 0, 1, 1, 1), 2)); // five due at 4, (4 - 2) * 2 = 4 places
    }
}
