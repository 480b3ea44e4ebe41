package io.tramontane.app.bench;

import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Random weights that every process makes for itself: a number depends on its place alone. Norms are 1. */
final class RandomWeights {
    private static final float SPREAD = 0.035f;
    private static final int PIECE = 1 << 20;

    private RandomWeights() {}

    /** Of some ranges. */
    static WeightSnapshot of(PolicyConfig shape, List<VectorRange> ranges) {
        WeightSnapshot weights = WeightSnapshot.ofRanges(shape, 0, ranges);
        for (TensorRange tensor : weights.tensors())
            for (VectorRange range : ranges)
                tensor.range().and(range).ifPresent(part -> fill(weights, part, tensor.shape().length == 1));
        return weights;
    }

    private static void fill(WeightSnapshot weights, VectorRange range, boolean norm) {
        ByteBuffer bytes = ByteBuffer.allocate(PIECE * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long from = range.offset(); from < range.end(); from += PIECE) {
            bytes.clear();
            long to = Math.min(range.end(), from + PIECE);
            for (long at = from; at < to; at++) bytes.putFloat(norm ? 1 : number(at));
            weights.write(from * Float.BYTES, bytes.flip());
        }
    }

    /** SplitMix64's mixing, of the place. */
    private static float number(long place) {
        long z = place * 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        z ^= z >>> 31;
        return SPREAD * ((z >> 40) / (float) (1 << 23));
    }
}
