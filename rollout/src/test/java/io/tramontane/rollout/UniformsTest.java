package io.tramontane.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UniformsTest {
    @Test
    void theyFillTheUnitIntervalEvenly() {
        int[] tenths = new int[10];
        for (int position = 0; position < 100_000; position++) {
            float u = Uniforms.at(1, 2, 3, position);
            assertTrue(u >= 0 && u < 1);
            tenths[(int) (u * 10)]++;
        }
        for (int count : tenths) assertEquals(10_000, count, 400); // 4 standard deviations of 95
    }

    @Test
    void neighboursInEveryCoordinateAreIndependent() {
        double sum = 0;
        for (int i = 0; i < 20_000; i++) {
            double u = Uniforms.at(1, i, 5, 9) - 0.5;
            sum += u * (Uniforms.at(1, i + 1, 5, 9) - 0.5);
            sum += u * (Uniforms.at(1, i, 6, 9) - 0.5);
            sum += u * (Uniforms.at(2, i, 5, 9) - 0.5);
            sum += u * (Uniforms.at(1, i, 5, 10) - 0.5);
        }
        assertEquals(0, sum / 80_000, 0.0015); // standard deviation (1/12) / sqrt(80000) = 0.0003
    }
}
