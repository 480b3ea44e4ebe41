package io.tramontane.cluster.roles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuantilesTest {
    private static Map<String, Object> of(int count) {
        Quantiles quantiles = new Quantiles();
        for (int i = 1; i <= count; i++) quantiles.add(i);
        Map<String, Object> row = new HashMap<>();
        quantiles.addTo(row, "x");
        return row;
    }

    @Test
    void manyNumbersAreExact() {
        assertEquals(Map.of("xP10", Double.NaN, "xP50", Double.NaN, "xP90", Double.NaN), of(0));
        assertEquals(Map.of("xP10", 1.0, "xP50", 5.0, "xP90", 9.0), of(10));
        assertEquals(
                Map.of("xP10", 6554.0, "xP50", 32768.0, "xP90", 58983.0), of(65_536)); // ceil of 6553.6 and 58982.4
    }

    /** A sample of 65,536: the rank of its median has a standard deviation of half the square root of that, 0.2 in 100. */
    @Test
    void ofMoreNumbersASampleIsKept() {
        Map<String, Object> row = of(2_000_000);
        assertEquals(0.1, (double) row.get("xP10") / 2_000_000, 0.01);
        assertEquals(0.5, (double) row.get("xP50") / 2_000_000, 0.01);
        assertEquals(0.9, (double) row.get("xP90") / 2_000_000, 0.01);
        assertEquals(row, of(2_000_000));
    }
}
