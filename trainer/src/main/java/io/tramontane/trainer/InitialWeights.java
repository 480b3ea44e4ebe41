package io.tramontane.trainer;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Weights to start from: norms 1, matrices normal with deviation 0.02, those that write into the residual stream divided
 * by sqrt(2 layers) (GPT-2).
 */
final class InitialWeights {
    private static final double DEVIATION = 0.02;

    private InitialWeights() {}

    static WeightSnapshot of(PolicyConfig config, long seed) {
        Random random = new Random(seed);
        WeightSnapshot weights = new WeightSnapshot(config, 0);
        for (TensorRange tensor : weights.tensors()) {
            boolean norm = tensor.shape().length == 1;
            boolean writes = tensor.name().contains("o_proj") || tensor.name().contains("down_proj");
            double deviation = writes ? DEVIATION / Math.sqrt(2.0 * config.layers()) : DEVIATION;
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(tensor.length() * Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < tensor.length(); i++)
                bytes.putFloat(norm ? 1 : (float) (deviation * random.nextGaussian()));
            weights.write(tensor.offset() * Float.BYTES, bytes.flip());
        }
        return weights;
    }
}
