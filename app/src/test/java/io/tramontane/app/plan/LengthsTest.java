package io.tramontane.app.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LengthsTest {
    @Test
    void withoutSpreadAllAreAlike() {
        Lengths lengths = new Lengths(50, 0, 200);
        assertArrayEquals(new int[] {50, 50, 50}, lengths.of(3));
        assertEquals(50, lengths.longestOf(128));
        assertEquals(25, lengths.before());
    }

    @Test
    void lengthsLieAtTheQuantilesOfALogNormalAndKeepTheMean() {
        // variance ln(1 + 1) = 0.6931, so the deviation of the logarithm is 0.8326; quartiles at exp(-+0.6745 x 0.8326)
        int[] two = new Lengths(1000, 1, 100_000).of(2);
        assertEquals(2000, two[0] + two[1], 1);
        assertEquals(Math.exp(2 * 0.67449 * 0.83255), (double) two[1] / two[0], 0.01);
        assertEquals(
                16_000, Arrays.stream(new Lengths(1000, 0.5, 100_000).of(16)).sum(), 16);
    }

    @Test
    void noneIsLongerThanAllowed() {
        Lengths lengths = new Lengths(100, 3, 300);
        assertEquals(300, lengths.longestOf(1000));
        assertEquals(300, Arrays.stream(lengths.of(16)).max().orElseThrow());
        assertEquals(150, lengths.before());
    }

    /** Sum of the squares over twice the sum: (100^2 + 300^2) / (2 x 400) = 125 = 200 (1 + 0.5^2) / 2. */
    @Test
    void aTokenHasHalfOfALongCompletionBeforeIt() {
        assertEquals(125, new Lengths(200, 0.5, 10_000).before());
    }
}
