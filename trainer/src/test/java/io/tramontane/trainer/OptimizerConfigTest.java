package io.tramontane.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class OptimizerConfigTest {
    @Test
    void theRateWarmsUpStaysAndFallsToItsFinalShare() {
        // 100 steps, 10 warm-up, constant to 60, then linear to 0.05 of 2e-3
        OptimizerConfig config = new OptimizerConfig(2e-3, 10, 0.6, 0.05, 0.9, 0.95, 1e-8, 0, 1);
        assertEquals(2e-4, config.rateAt(1, 100), 1e-12);
        assertEquals(2e-3, config.rateAt(10, 100), 1e-12);
        assertEquals(2e-3, config.rateAt(60, 100), 1e-12);
        assertEquals(2e-3 * (1 - 0.5 * 0.95), config.rateAt(80, 100), 1e-12);
        assertEquals(1e-4, config.rateAt(100, 100), 1e-12);
    }
}
