package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The length of a gradient of any size, against sums in double precision. */
class GradientNormTest {
    private Policy policy;
    private NDManager scope;

    @BeforeEach
    void open() {
        policy = new Policy(PolicyTest.random(PolicyTest.SMALL, 3));
        scope = policy.manager().newSubManager();
    }

    @AfterEach
    void close() {
        scope.close();
        policy.close();
    }

    private double squares(NDArray vector) {
        double norm = new FlatVector(policy, vector).norm();
        return norm * norm;
    }

    /** 64; one running total in float32 ends at 61.5. */
    @Test
    void equalNumbersKeepTheirMass() {
        NDArray vector = scope.ones(new Shape(64_000_003), DataType.FLOAT32).muli(1e-3f);
        assertEquals(64_000_003 * (double) 1e-3f * 1e-3f, squares(vector), 64 * 4e-7);
    }

    @Test
    void everyNumberCountsOnce() {
        // 1 + 4 + 9 + ... + n^2 = n (n + 1) (2 n + 1) / 6, around the length of a row
        for (int n : new int[] {1, 255, 256, 257, 511, 512, 513}) {
            NDArray vector = scope.arange(1f, n + 1f, 1f, DataType.FLOAT32);
            assertEquals(n * (n + 1.0) * (2 * n + 1) / 6, squares(vector), 1e-6 * n * n * n, "numbers: " + n);
        }
        // two pieces and 9 numbers: 3 in front, 4 where the second begins, 12 at the end; 9 + 16 + 144
        float[] sparse = new float[2 * 16777216 + 9];
        sparse[0] = 3;
        sparse[16777216] = 4;
        sparse[sparse.length - 1] = 12;
        assertEquals(169, squares(scope.create(sparse)), 1e-4);
    }

    /** Gradients are mostly small with some large numbers among them. */
    @Test
    void numbersOfVeryDifferentSizeKeepTheirMass() {
        Random random = new Random(1);
        float[] values = new float[4_000_000];
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (1e-4 * random.nextGaussian() * Math.exp(1.5 * random.nextGaussian()));
            sum += (double) values[i] * values[i];
        }
        assertEquals(1, squares(scope.create(values)) / sum, 1e-7);
    }

    /** Numbers whose squares have the mean 1e-6, of two signs and sizes. */
    @ParameterizedTest
    @ValueSource(longs = {1_000_000, 135_000_000, 500_000_000, 2_000_000_000})
    void longGradientsHaveTheirNorm(long count) {
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(count <= 1_000_000 || Boolean.getBoolean("tramontane.heavy"), "runs with -Pheavy");
        assumeTrue(machine.getFreeMemorySize() > 5 * count, "needs " + 5 * count + " bytes that are free");
        NDArray vector = scope.zeros(new Shape(count), DataType.FLOAT32);
        vector.addi(1.2e-3f);
        try (NDArray half = vector.get("0:" + count / 2)) {
            half.muli(-0.5f); // -6e-4
        }
        double small = 0.5 * 1.2e-3f;
        double exact = Math.sqrt(count / 2 * (small * small + (double) 1.2e-3f * 1.2e-3f));
        assertEquals(exact, Math.sqrt(squares(vector)), 1e-6 * exact);
        vector.close();
    }

    /** The optimizer's own call on 500 million numbers, 8 GB in four vectors: the norm is sqrt(500). */
    @Test
    @Tag("heavy")
    void halfABillionEqualNumbersHaveTheirNorm() {
        assumeTrue(Boolean.getBoolean("tramontane.heavy"), "runs with -Pheavy");
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(machine.getTotalMemorySize() > 12e9, "needs a machine with 12 GB");
        Shape shape = new Shape(500_000_000);
        FlatVector gradient =
                new FlatVector(policy, scope.ones(shape, DataType.FLOAT32).muli(1e-3f));
        FlatVector first = new FlatVector(policy, scope.zeros(shape, DataType.FLOAT32));
        AdamW.Vectors vectors = new AdamW.Vectors(
                new FlatVector(policy, scope.zeros(shape, DataType.FLOAT32)),
                gradient,
                first,
                new FlatVector(policy, scope.zeros(shape, DataType.FLOAT32)));
        double norm = new AdamW(0.9, 0.99, 1e-8, 0.0, 1.0).step(policy, vectors, 1, 0.1);
        double exact = Math.sqrt(5e8) * (double) 1e-3f; // 22.36068
        assertEquals(exact, norm, 1e-6 * exact);
        double left = (double) 1e-3f / (exact + 1e-6); // of every number, so that the norm is 1
        assertEquals(0.1 * left, first.read(new VectorRange(499_999_999, 1))[0], 1e-6 * left);
    }
}
