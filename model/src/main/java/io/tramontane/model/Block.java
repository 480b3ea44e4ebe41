package io.tramontane.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of the model that {@link TrainingPass} computes in one go: the embedding, the attention half or the feed-forward
 * half of a layer, the head with the norm before it.
 *
 * @param part which
 * @param layer from 0; of the embedding -1, of the head the number of layers
 * @param reads the pieces of theta that it computes with. Backward, it adds to the same pieces of the gradient
 */
public record Block(Part part, int layer, List<VectorRange> reads) {
    /** What a block is. */
    public enum Part {
        /** Rows of the embedding. */
        EMBEDDING,
        /** Norm, query, key, value, their bias and norms, out. */
        ATTENTION,
        /** Norm, router, gate, up, down. */
        FEED_FORWARD,
        /** The last norm, then the head: the embedding once more where it is tied. */
        HEAD
    }

    /** All blocks of a model, in the order of the forward pass. */
    static List<Block> of(PolicyConfig config) {
        Walk walk = new Walk(config.layers());
        new TensorLayout(config).forEach(walk::take);
        List<Block> blocks = new ArrayList<>();
        VectorRange embedding = walk.range(0);
        blocks.add(block(Part.EMBEDDING, -1, embedding));
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(block(Part.ATTENTION, layer, walk.range(1 + 2 * layer)));
            blocks.add(block(Part.FEED_FORWARD, layer, walk.range(2 + 2 * layer)));
        }
        int last = 1 + 2 * config.layers();
        VectorRange norm = walk.range(last);
        VectorRange head = config.tiedHead() ? embedding : walk.range(last + 1);
        blocks.add(new Block(Part.HEAD, config.layers(), List.of(norm, head)));
        return List.copyOf(blocks);
    }

    private static Block block(Part part, int layer, VectorRange range) {
        return new Block(part, layer, List.of(range));
    }

    /** Adds up the lengths of tensors that belong together. */
    private static final class Walk {
        private final long[] starts;
        private final long[] ends;

        Walk(int layers) {
            starts = new long[2 * layers + 3];
            ends = new long[2 * layers + 3];
        }

        void take(TensorRange tensor) {
            int piece = piece(tensor.name());
            if (ends[piece] == 0) starts[piece] = tensor.offset();
            else if (ends[piece] != tensor.offset())
                throw new IllegalStateException(tensor.name() + " does not lie with its block");
            ends[piece] = tensor.offset() + tensor.length();
        }

        VectorRange range(int piece) {
            return new VectorRange(starts[piece], ends[piece] - starts[piece]);
        }

        private int piece(String name) {
            if (name.startsWith("model.embed_tokens.")) return 0;
            if (name.startsWith("model.norm.")) return starts.length - 2;
            if (name.startsWith("lm_head.")) return starts.length - 1;
            String[] parts = name.split("\\.");
            boolean attention = parts[3].equals("input_layernorm") || parts[3].equals("self_attn");
            return (attention ? 1 : 2) + 2 * Integer.parseInt(parts[2]);
        }
    }
}
