package io.tramontane.trainer;

import io.tramontane.model.Dtype;
import io.tramontane.model.PackedSequences;
import io.tramontane.model.Policy;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The policy that a KL is taken to: fixed, or a moving average of the trained one. It has weights, but no gradient. */
final class ReferencePolicy implements AutoCloseable {
    private static final int PIECE = 1 << 22;

    private final Policy policy;

    ReferencePolicy(WeightSnapshot weights, Computation computation, Dtype dtype) {
        this.policy = new Policy(weights, computation.numerics(), dtype, computation.device());
    }

    /** [M] log-probabilities of the completion tokens. */
    float[] logprobs(PackedSequences packed, double temperature) {
        return policy.logprobs(packed, temperature);
    }

    /** Its weights become {@code decay} times themselves and {@code 1 - decay} times these. */
    void follow(WeightSnapshot now, double decay) {
        WeightSnapshot mean = policy.snapshot(now.version());
        for (long at = 0; at < mean.bytes(); at += PIECE) {
            int bytes = (int) Math.min(PIECE, mean.bytes() - at);
            ByteBuffer old = piece(mean, at, bytes);
            ByteBuffer next = piece(now, at, bytes);
            for (int i = 0; i < bytes; i += Float.BYTES)
                old.putFloat(i, (float) (decay * old.getFloat(i) + (1 - decay) * next.getFloat(i)));
            mean.write(at, old);
        }
        policy.load(mean);
    }

    private static ByteBuffer piece(WeightSnapshot weights, long at, int bytes) {
        ByteBuffer piece = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        weights.read(at, piece);
        return piece.flip();
    }

    /** A copy of its weights. */
    WeightSnapshot snapshot(int version) {
        return policy.snapshot(version);
    }

    @Override
    public void close() {
        policy.close();
    }
}
