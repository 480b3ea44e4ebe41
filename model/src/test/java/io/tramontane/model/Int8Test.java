package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Matrices of int8 numbers with a scale a row. */
class Int8Test {
    private static final PolicyConfig SHAPE = new PolicyConfig(3, 64, 4, 2, 16, 160, 300, 64, 10_000, 1e-5, true, 0);

    private static final WeightSnapshot WEIGHTS = PolicyTest.random(SHAPE, 3);
    private static final Policy POLICY = Policy.reader(WEIGHTS, Numerics.FAST, Dtype.INT8, ComputeDevice.CPU);

    @AfterAll
    static void close() {
        POLICY.close();
    }

    /** A layer's query, key and value matrix [128, 64], and what it makes of x [rows, 64] in one of both ways. */
    private static float[] product(float[] x, boolean exact) {
        int rows = x.length / 64;
        try (NDManager scope = POLICY.manager().newSubManager();
                IValue plain = POLICY.weights()) {
            IValue[] all = POLICY.runWith(plain, "quantised", IValue.from(exact), IValue.from((long) rows))
                    .toIValueArray();
            NDArray made = Policy.take(
                    POLICY.run(
                            "int8_product",
                            Policy.tensor(Policy.floats(scope, x, rows, 64)),
                            all[2],
                            all[2 + all.length / 2]),
                    scope);
            float[] y = made.toFloatArray();
            for (int i = 0; i < all.length; i++) if (i != 2 && i != 2 + all.length / 2) all[i].close();
            return y;
        }
    }

    private static boolean exact() {
        try (IValue exact = POLICY.run("adds_bytes_exactly", Policy.tensor(POLICY.theta()))) {
            return exact.toBoolean();
        }
    }

    @Test
    void aRowIsRoundedTo127StepsOfItsLargestNumber() {
        try (NDManager scope = POLICY.manager().newSubManager()) {
            float[] matrix = {1, -3, 4, 0.5f, 0.2f, -0.1f};
            // 127/4 * (1, -3, 4) = 31.75, -95.25, 127; 127/0.5 * (0.5, 0.2, -0.1) = 127, 50.8, -25.4
            IValue[] made = POLICY.run("rounded", Policy.tensor(Policy.floats(scope, matrix, 2, 3)))
                    .toIValueTuple();
            assertArrayEquals(
                    new float[] {4 / 127f, 0.5f / 127},
                    Policy.take(made[0], scope).toFloatArray(),
                    1e-8f);
            assertArrayEquals(
                    new byte[] {32, -95, 127, 127, 51, -25},
                    Policy.take(made[1], scope).toByteArray());
        }
    }

    @Test
    void aRowOfZerosStaysZero() {
        try (NDManager scope = POLICY.manager().newSubManager()) {
            IValue[] made = POLICY.run("rounded", Policy.tensor(Policy.floats(scope, new float[6], 2, 3)))
                    .toIValueTuple();
            Policy.free(made[0]);
            assertArrayEquals(new byte[6], Policy.take(made[1], scope).toByteArray());
        }
        float[] y = product(new float[3 * 64], true);
        assertArrayEquals(new float[y.length], y);
    }

    /** The same product in double precision, of the matrix as rounded by hand. */
    private static double[] expected(float[] x) {
        TensorRange first = WEIGHTS.tensors().stream()
                .filter(tensor -> tensor.name().contains("q_proj"))
                .findFirst()
                .orElseThrow();
        ByteBuffer matrix = ByteBuffer.allocate(128 * 64 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        WEIGHTS.read(first.offset() * Float.BYTES, matrix);
        FloatBuffer numbers = matrix.rewind().asFloatBuffer();
        double[] y = new double[x.length / 64 * 128];
        for (int b = 0; b < 128; b++) {
            float largest = 0;
            for (int a = 0; a < 64; a++) largest = Math.max(largest, Math.abs(numbers.get(64 * b + a)));
            for (int a = 0; a < 64; a++) {
                double rounded = Math.rint(numbers.get(64 * b + a) / (largest / 127)) * largest / 127;
                for (int row = 0; row < x.length / 64; row++) y[128 * row + b] += x[64 * row + a] * rounded;
            }
        }
        return y;
    }

    private static float[] gaussian(int rows) {
        Random random = new Random(6);
        float[] x = new float[64 * rows];
        for (int i = 0; i < x.length; i++) x[i] = (float) random.nextGaussian();
        x[5] = 20; // as single numbers of a state are
        return x;
    }

    private static double error(float[] y, double[] expected) {
        double off = 0;
        double all = 0;
        for (int i = 0; i < y.length; i++) {
            off += Math.pow(y[i] - expected[i], 2);
            all += Math.pow(expected[i], 2);
        }
        return Math.sqrt(off / all);
    }

    @Test
    void twoBytesOfAnActivationLoseNothingAndBfloat16LosesItsRounding() {
        float[] x = gaussian(5);
        if (exact()) assertEquals(0, error(product(x, true), expected(x)), 2e-4);
        assertEquals(0, error(product(x, false), expected(x)), 6e-3);
    }

    @Test
    void aRowsBitsDependOnNoOtherRow() {
        float[] x = gaussian(5);
        float[] together = product(x, true);
        for (int row = 0; row < 5; row++)
            assertArrayEquals(
                    Arrays.copyOfRange(together, 128 * row, 128 * (row + 1)),
                    product(Arrays.copyOfRange(x, 64 * row, 64 * (row + 1)), true));
    }

    @Test
    void decodingPrefillAndScoringUseTheSameRoundedNumbers() {
        try (DecodingWeights full = new DecodingWeights(WEIGHTS, Dtype.FLOAT32, LayoutChoice.plain(3));
                DecodingWeights int8 = new DecodingWeights(WEIGHTS, Dtype.INT8, LayoutChoice.plain(3))) {
            float[] rounded = LayoutsTest.logprobs(int8);
            double difference = LayoutsTest.apart(rounded, LayoutsTest.logprobs(full));
            assertTrue(difference > 1e-4 && difference < 0.1, "" + difference);
            try (DecodingSession scoring = DecodingSession.scoring(int8, 40, 1)) {
                assertArrayEquals(first(rounded), LayoutsTest.scored(scoring), 2e-5f);
            }
        }
    }

    @Test
    void theHeadMayBePackedAndTheRoundedMatricesStayAsTheyAre() {
        try (DecodingWeights plain = new DecodingWeights(WEIGHTS, Dtype.INT8, LayoutChoice.plain(3));
                DecodingWeights packed =
                        new DecodingWeights(WEIGHTS, Dtype.INT8, LayoutsTest.always(Layout.BLOCKS, 3))) {
            assertTrue(packed.forRows(3) != packed.plain());
            assertArrayEquals(LayoutsTest.logprobs(plain), LayoutsTest.logprobs(packed), 2e-5f);
        }
    }

    /** Those of the first of three slots. */
    private static float[] first(float[] all) {
        float[] first = new float[all.length / 3];
        for (int step = 0; step < first.length; step++) first[step] = all[3 * step];
        return first;
    }

    @Test
    void newWeightsAreRoundedToo() {
        WeightSnapshot next = PolicyTest.random(SHAPE, 4);
        try (DecodingWeights fresh = new DecodingWeights(next, Dtype.INT8, LayoutChoice.plain(2));
                DecodingWeights swapped = new DecodingWeights(WEIGHTS, Dtype.INT8, LayoutChoice.plain(2))) {
            swapped.load(next);
            assertArrayEquals(LayoutsTest.logprobs(fresh), LayoutsTest.logprobs(swapped));
        }
    }

    @Test
    void anythingElseThanAGeneratorRefusesIt() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Policy(WEIGHTS, Numerics.FAST, Dtype.INT8, ComputeDevice.CPU));
    }
}
