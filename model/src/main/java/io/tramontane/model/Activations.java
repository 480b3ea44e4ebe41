package io.tramontane.model;

/**
 * About how many bytes one forward and backward pass of training takes beside weights and gradient: an estimate, counted
 * from what policy.py keeps of every layer until its gradient is made, float32. One layer more stands for what its gradient
 * needs while it is made.
 *
 * @param linear what does not pad: inputs and results of norms and linear layers, row by row
 * @param attention gathered queries, keys, values and results, padded to the longest segment
 * @param mask [S, 1, G Q, K], who sees whom; one for all layers
 * @param head logits and probabilities, some rows at a time
 */
public record Activations(long linear, long attention, long mask, long head) {
    /** Numbers kept of a feed-forward block: gate and up, the active gate, their product. */
    private static final int HIDDEN_KEPT = 4;

    /** Logits and what is made of them: probabilities, which become the gradient in place. */
    private static final int LOGITS = 2;

    /** Of a pass of some size. */
    public static Activations of(PolicyConfig config, PackedSequences.Size size) {
        long layers = config.layers() + 1L;
        long segments = size.segments();
        long query = segments * size.longest() * config.heads();
        long key = segments * size.reach() * config.keyValueHeads();
        long group = config.heads() / config.keyValueHeads();
        return new Activations(
                Float.BYTES * size.tokens() * linear(config, layers),
                Float.BYTES * layers * 2 * (query + key) * config.headSize(),
                Float.BYTES * segments * group * size.longest() * size.reach(),
                Float.BYTES * LOGITS * Math.min(size.tokens(), PolicyProgram.headRows(config)) * config.vocabulary());
    }

    /** Numbers a token. Sparse experts are computed again, one layer at a time, for their gradient. */
    private static long linear(PolicyConfig config, long layers) {
        long heads = 2L * (config.heads() + config.keyValueHeads()) * config.headSize();
        long kept = 4L * config.width() + heads;
        long block = (long) HIDDEN_KEPT * config.hidden();
        int active = config.variant().experts().active();
        return active == 0 ? layers * (kept + block) : layers * kept + 2L * active * (block + 2L * config.width());
    }

    /** All of it. */
    public long bytes() {
        return linear + attention + mask + head;
    }
}
