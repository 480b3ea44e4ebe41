package io.tramontane.model;

import static org.junit.jupiter.api.Assertions.*;

import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyTest {
    static final PolicyConfig SMALL = new PolicyConfig(2, 16, 4, 2, 4, 24, 40, 64, 10000, 1e-5, true, 0);

    static WeightSnapshot random(PolicyConfig config, long seed) {
        Random random = new Random(seed);
        WeightSnapshot weights = new WeightSnapshot(config, 0);
        for (TensorRange tensor : weights.tensors()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) tensor.length() * 4).order(ByteOrder.LITTLE_ENDIAN);
            boolean norm = tensor.shape().length == 1;
            for (int i = 0; i < tensor.length(); i++)
                bytes.putFloat((float) (norm ? 1 + 0.1 * random.nextGaussian() : 0.2 * random.nextGaussian()));
            weights.write(tensor.offset() * 4, bytes.flip());
        }
        return weights;
    }

    @Test
    void logprobsAreAlignedWithTokens() {
        try (Policy policy = new Policy(random(SMALL, 1))) {
            float[] all = policy.logprobs(PackedSequences.of(new int[] {1, 2, 3, 4, 5, 6}, 2), 1.0);
            assertEquals(4, all.length);
            float[] tail = policy.logprobs(PackedSequences.of(new int[] {1, 2, 3, 4, 5, 6}, 4), 1.0);
            assertArrayEquals(new float[] {all[2], all[3]}, tail, 1e-6f);
        }
    }

    @Test
    void aPolicyThatCannotBeMadeLeavesNothingOpen() {
        Model model = Model.newInstance("policy", "PyTorch");
        assertTrue(model.getNDManager().isOpen());
        InputStream rubbish = new ByteArrayInputStream(new byte[] {1, 2, 3});
        assertThrows(
                RuntimeException.class,
                () -> new Policy(
                        random(SMALL, 1), Numerics.FAST, Dtype.FLOAT32, false, Sharding.ALONE, rubbish, model));
        assertFalse(model.getNDManager().isOpen());
    }

    @Test
    void aResultThatIsNoListOfTensorsIsClosedAllTheSame() {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            IValue number = IValue.from(7L);
            IValue tensor = Policy.tensor(scope.zeros(new Shape(2)));
            IValue tuple = IValue.tupleFrom(tensor, number);
            assertThrows(RuntimeException.class, () -> Policy.takeList(tuple, scope));
            assertTrue(tuple.isReleased());
            Policy.free(tensor, number);
        }
    }
}
