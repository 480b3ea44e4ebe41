package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy in bfloat16 has a float32 head, made from float32 numbers, whether the model ties it or not. */
class HalfHeadTest {
    private static final int WIDTH = 64;
    private static final int VOCABULARY = 500;

    /** Gains are 1, matrices normal with deviation 1: logits of a normed state have deviation 8, the largest are above 20. */
    private static WeightSnapshot weights(boolean tied) {
        PolicyConfig config = new PolicyConfig(1, WIDTH, 4, 2, 16, 32, VOCABULARY, 64, 10_000, 1e-5, tied, 0);
        WeightSnapshot weights = new WeightSnapshot(config, 0);
        Random random = new Random(7);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((int) tensor.length() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining()) bytes.putFloat(tensor.shape().length == 1 ? 1 : (float) random.nextGaussian());
            weights.write(tensor.offset() * Float.BYTES, bytes.flip());
        }
        return weights;
    }

    private static float[] logits(WeightSnapshot weights, Dtype dtype, float[] states) {
        try (Policy policy = Policy.reader(weights, Numerics.FAST, dtype, ComputeDevice.CPU);
                NDManager scope = policy.manager().newSubManager();
                IValue list = policy.weights()) {
            assertEquals(dtype == Dtype.BFLOAT16, policy.half());
            IValue x = Policy.tensor(Policy.floats(scope, states, states.length / WIDTH, WIDTH));
            IValue heat = Policy.tensor(scope.create(0.7f));
            return Policy.take(policy.runWith(list, "head", x, heat), scope).toFloatArray();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logitsAreThoseOfFloat32(boolean tied) {
        Random random = new Random(8);
        float[] states = new float[16 * WIDTH];
        for (int i = 0; i < states.length; i++) states[i] = (float) random.nextGaussian();
        float[] expected = logits(weights(tied), Dtype.FLOAT32, states);
        float largest = 0;
        for (float logit : expected) largest = Math.max(largest, Math.abs(logit));
        assertTrue(largest > 20, "largest logit " + largest);
        // a head in bfloat16 rounds a logit of 20 to a multiple of 0.125
        assertArrayEquals(expected, logits(weights(tied), Dtype.BFLOAT16, states), 1e-4f);
    }
}
