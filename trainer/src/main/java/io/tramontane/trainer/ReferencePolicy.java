package io.tramontane.trainer;

import io.tramontane.model.LoraConfig;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.Sharding;
import io.tramontane.model.VectorRange;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The policy that a KL is taken to: fixed, or a moving average of the trained one. It has weights, but no gradient. */
final class ReferencePolicy implements AutoCloseable {
    private static final int PIECE = 1 << 22;

    private final Policy policy;

    /** Ranks that divide all weights divide these as well; the weights have all that this process holds. */
    ReferencePolicy(VectorSource weights, Computation computation, TrainerConfig config) {
        Sharding sharding = computation.sharding(config);
        this.policy = new Policy(
                weights,
                computation.numerics(),
                config.dtype(),
                computation.device(),
                LoraConfig.defaults(),
                sharding.hasAllWeights() ? Sharding.ALONE : sharding);
    }

    /** [M] log-probabilities of the completion tokens. */
    float[] logprobs(PackedSequences packed, double temperature) {
        return policy.logprobs(packed, temperature);
    }

    /** Its weights become {@code decay} times themselves and {@code 1 - decay} times these. */
    void follow(WeightSnapshot now, double decay) {
        WeightSnapshot mean = policy.held(now.version());
        for (VectorRange range : mean.held()) {
            long end = range.end() * Float.BYTES;
            for (long at = range.offset() * Float.BYTES; at < end; at += PIECE)
                follow(mean, now, decay, at, (int) Math.min(PIECE, end - at));
        }
        policy.load(mean);
    }

    private static void follow(WeightSnapshot mean, WeightSnapshot now, double decay, long at, int bytes) {
        ByteBuffer old = piece(mean, at, bytes);
        ByteBuffer next = piece(now, at, bytes);
        for (int i = 0; i < bytes; i += Float.BYTES)
            old.putFloat(i, (float) (decay * old.getFloat(i) + (1 - decay) * next.getFloat(i)));
        mean.write(at, old);
    }

    private static ByteBuffer piece(WeightSnapshot weights, long at, int bytes) {
        ByteBuffer piece = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(at, piece);
        return piece.flip();
    }

    /** A copy of some ranges of its weights. */
    WeightSnapshot snapshot(int version, List<VectorRange> ranges) {
        return policy.copy(version, ranges);
    }

    @Override
    public void close() {
        policy.close();
    }
}
