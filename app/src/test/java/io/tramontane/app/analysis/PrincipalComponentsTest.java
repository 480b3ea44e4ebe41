package io.tramontane.app.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import org.junit.jupiter.api.Test;

/** Principal components of three vectors that are known by hand. */
class PrincipalComponentsTest {
    // around the mean (5, 5, 5, 5): (2, 0, 0, 0), (-1, 0, 1, 0), (-1, 0, -1, 0)
    private static final double[][] VECTORS = {{7, 5, 5, 5}, {4, 5, 6, 5}, {4, 5, 4, 5}};

    private static double[][] squares(double[][] vectors) {
        double[][] squares = new double[vectors.length][vectors.length];
        for (int i = 0; i < vectors.length; i++)
            for (int j = 0; j < vectors.length; j++)
                for (int d = 0; d < vectors[i].length; d++)
                    squares[i][j] += (vectors[i][d] - vectors[j][d]) * (vectors[i][d] - vectors[j][d]);
        return squares;
    }

    @Test
    void thePlaneOfThreeVectorsIsFound() {
        PrincipalComponents found = PrincipalComponents.of(squares(VECTORS), 2);
        // sums of squares: 4 + 1 + 1 = 6 along the first axis, 0 + 1 + 1 = 2 along the third
        assertArrayEquals(new double[] {0.75, 0.25}, found.shares(), 1e-12);
        // the last vector lies at -1 on both, so both directions are turned round
        assertArrayEquals(new double[] {-2, 1, 1}, found.coordinates()[0], 1e-12);
        assertArrayEquals(new double[] {0, -1, 1}, found.coordinates()[1], 1e-12);
        assertArrayEquals(new double[] {-3, 0, 0}, found.fromLast(0), 1e-12);
    }

    @Test
    void theDirectionsAreUnitVectorsOfTheSpace() {
        PrincipalComponents found = PrincipalComponents.of(squares(VECTORS), 2);
        assertArrayEquals(new double[] {-1, 0, 0, 0}, direction(found.weights()[0]), 1e-12);
        assertArrayEquals(new double[] {0, 0, -1, 0}, direction(found.weights()[1]), 1e-12);
    }

    private static double[] direction(double[] weights) {
        double[] direction = new double[4];
        for (int i = 0; i < weights.length; i++) for (int d = 0; d < 4; d++) direction[d] += weights[i] * VECTORS[i][d];
        return direction;
    }

    @Test
    void whereTheLastVectorIsInTheMiddleTheLargestCoordinateIsPositive() {
        // along the axis -3, 1, 2, 0
        double[][] line = {{-3}, {1}, {2}, {0}};
        assertArrayEquals(
                new double[] {3, -1, -2, 0},
                PrincipalComponents.of(squares(line), 1).coordinates()[0],
                1e-12);
    }

    @Test
    void vectorsOnALineHaveNoPlane() {
        double[][] line = {{0, 0}, {1, 1}, {2, 2}};
        BadInputException e = assertThrows(BadInputException.class, () -> PrincipalComponents.of(squares(line), 2));
        assertTrue(e.getMessage().startsWith("3 checkpoints differ in 1 direction, 2 are needed"), e.getMessage());
        assertThrows(BadInputException.class, () -> PrincipalComponents.of(new double[3][3], 1));
    }

    @Test
    void theGridGoesBeyondTheCheckpoints() {
        // the checkpoints cover -3 to 0: half of that more at each end is -4.5 to 1.5
        assertArrayEquals(new double[] {-4.5, -1.5, 1.5}, Grid.axis(new double[] {-3, 0, 0}, 3, 0.5), 1e-12);
        Grid grid = new Grid(new double[] {1, 2, 3}, new double[] {10, 20});
        assertEquals(6, grid.size());
        assertArrayEquals(new double[] {2, 20}, grid.point(4), 0);
    }
}
