package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private long now = 5_000_000_000L;

    @Test
    void theTimeFromTheFirstFailureToTheNextOfferIsToldOnce() {
        Recovery recovery = new Recovery(() -> now);
        assertEquals(Optional.empty(), recovery.end(3));
        recovery.begin();
        now += 2_000_000_000L;
        recovery.begin();
        now += 1_240_000_000L;
        assertEquals(Optional.of("the trainers go on from step 4, 3.2 s after the failure"), recovery.end(4));
        assertEquals(Optional.empty(), recovery.end(5));
    }
}
