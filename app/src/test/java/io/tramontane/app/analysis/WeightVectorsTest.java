package io.tramontane.app.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Distances and directions of real snapshots, larger than a block. */
class WeightVectorsTest {
    private static final PolicyConfig SHAPE = new PolicyConfig(2, 128, 4, 2, 32, 256, 1049, 256, 10000, 1e-6, true, 0);

    /** All 0.5, but with three values of its own: at the start, beyond the first block, and at the end. */
    private static WeightSnapshot vector(float first, float middle, float last) {
        WeightSnapshot vector = new WeightSnapshot(SHAPE, 0);
        ByteBuffer all = ByteBuffer.allocate((int) vector.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (all.hasRemaining()) all.putFloat(0.5f);
        all.putFloat(0, 0.5f + first);
        all.putFloat(1_100_000, 0.5f + middle);
        all.putFloat(all.limit() - 4, 0.5f + last);
        vector.write(0, all.flip());
        return vector;
    }

    private static float at(WeightSnapshot vector, long offset) {
        ByteBuffer one = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        vector.read(offset, one);
        return one.getFloat(0);
    }

    // around their mean: (2, 0, 0), (-1, 0, 1), (-1, 0, -1)
    private static final WeightSnapshot[] THREE = {vector(2, 0, 0), vector(-1, 0, 1), vector(-1, 0, -1)};

    @Test
    void distancesAreThoseOfTheWholeVector() {
        int[] pairs = new int[1];
        double[][] squares = WeightVectors.squaredDistances(3, i -> THREE[i], () -> pairs[0]++);
        assertEquals(10, squares[0][1], 1e-6); // 9 + 1
        assertEquals(10, squares[2][0], 1e-6);
        assertEquals(4, squares[1][2], 1e-6);
        assertEquals(3, pairs[0]);
        assertEquals(25, WeightVectors.squaredDistance(vector(0, 3, 0), vector(0, 0, 4)), 1e-6);
    }

    @Test
    void aPointOfThePlaneIsTheLastVectorMovedAlongTheDirections() {
        double[][] squares = WeightVectors.squaredDistances(3, i -> THREE[i], () -> {});
        PrincipalComponents components = PrincipalComponents.of(squares, 2);
        WeightSnapshot[] directions = WeightVectors.directions(components, 2, THREE[2], i -> THREE[i]);
        long end = THREE[0].bytes() - 4;
        // both directions point from the mean to the last vector, at -1 and -1
        assertEquals(-1, at(directions[0], 0), 1e-6);
        assertEquals(0, at(directions[0], 1_100_000), 1e-6);
        assertEquals(-1, at(directions[1], end), 1e-6);
        WeightSnapshot moved = WeightVectors.moved(THREE[2], directions, 0.5, -2);
        assertEquals(0.5 - 1 - 0.5, at(moved, 0), 1e-6);
        assertEquals(0.5, at(moved, 1_100_000), 1e-6);
        assertEquals(0.5 - 1 + 2, at(moved, end), 1e-6);
        WeightSnapshot first = WeightVectors.moved(
                THREE[2], directions, components.fromLast(0)[0], components.fromLast(1)[0]);
        assertEquals(0, WeightVectors.squaredDistance(first, THREE[0]), 1e-8);
    }
}
