package io.tramontane.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LengthPenaltyTest {
    private final LengthPenalty penalty = new LengthPenalty(1000, 200, 0.1);

    @Test
    void nothingIsTakenUpToTheCache() {
        assertEquals(0.0, penalty.of(1));
        assertEquals(0.0, penalty.of(800));
    }

    @Test
    void itGrowsLinearlyInsideTheCache() {
        assertEquals(-0.0005, penalty.of(801), 1e-12); // 1 of 200, times 0.1
        assertEquals(-0.05, penalty.of(900), 1e-12); // 100 of 200
        assertEquals(-0.0995, penalty.of(999), 1e-12); // 199 of 200
        assertEquals(-0.1, penalty.of(1000), 1e-12);
    }

    @Test
    void beyondTheLongestItStaysTheSame() {
        assertEquals(-0.1, penalty.of(1001));
        assertEquals(-0.1, penalty.of(Integer.MAX_VALUE));
    }

    @Test
    void anUnknownLengthIsNotPunished() {
        assertEquals(0.0, penalty.of(-1));
    }

    @Test
    void aCacheAsLongAsTheLongestStartsAtTheFirstToken() {
        assertEquals(-0.1 / 4, new LengthPenalty(4, 4, 0.1).of(1), 1e-12);
    }
}
