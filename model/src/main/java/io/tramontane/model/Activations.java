package io.tramontane.model;

/**
 * About how many bytes one forward and backward pass of training takes beside weights and gradient: an estimate, counted
 * from what training.py keeps of every block until its gradient is made. One layer more stands for what a gradient needs
 * while it is made. With {@link Keep#BLOCKS} every block's input is kept, and the insides of one layer at a time.
 *
 * @param linear what does not pad: inputs and results of norms and linear layers, row by row
 * @param attention of short segments gathered queries, keys, values and results, padded to the longest; of others rotated
 *     queries and keys, and a number for each query and head
 * @param mask of short segments [S, 1, G Q, K], who sees whom; one for all layers
 * @param head logits and probabilities, some rows at a time
 */
public record Activations(long linear, long attention, long mask, long head) {
    /** Numbers kept of a feed-forward block: gate and up, the active gate, their product. */
    private static final long HIDDEN_KEPT = 4;

    /** Inputs of a layer's two halves, float32 in any case; the normed ones have the type of what is computed. */
    private static final long RESIDUAL = 2;

    /** Logits and what is made of them: probabilities, which become the gradient in place. */
    private static final long LOGITS = 2;

    /** Of a pass of some size that keeps all, in float32. */
    public static Activations of(PolicyConfig config, PackedSequences.Size size) {
        return of(config, size, Keep.ALL, Dtype.FLOAT32);
    }

    /** Of a pass of some size. */
    public static Activations of(PolicyConfig config, PackedSequences.Size size, Keep keep, Dtype dtype) {
        long layers = keep == Keep.ALL ? config.layers() + 1L : 2;
        long bytes = dtype == Dtype.BFLOAT16 ? Short.BYTES : Float.BYTES;
        long inputs = keep == Keep.ALL ? 0 : config.layers() - 1L;
        return new Activations(
                size.tokens() * (linear(config, layers, bytes) + inputs * Float.BYTES * RESIDUAL * config.width()),
                layers * (size.isPadded() ? padded(config, size, bytes) : size.tokens() * unpadded(config, bytes)),
                size.isPadded() ? bytes * size.pairs() * (config.heads() / config.keyValueHeads()) : 0,
                Float.BYTES * LOGITS * Math.min(size.tokens(), PolicyProgram.headRows(config)) * config.vocabulary());
    }

    private static long padded(PolicyConfig config, PackedSequences.Size size, long bytes) {
        long query = (long) size.longest() * config.heads();
        long key = (long) size.reach() * config.keyValueHeads();
        return bytes * 2 * size.segments() * (query + key) * config.headSize();
    }

    /** Bytes a token. */
    private static long unpadded(PolicyConfig config, long bytes) {
        return bytes * (config.heads() + config.keyValueHeads()) * config.headSize()
                + (long) Float.BYTES * config.heads();
    }

    /** Bytes a token. Sparse experts are computed again, one layer at a time, for their gradient. */
    private static long linear(PolicyConfig config, long layers, long bytes) {
        long heads = 2L * (config.heads() + config.keyValueHeads()) * config.headSize();
        long kept = RESIDUAL * config.width() * Float.BYTES + (2L * config.width() + heads) * bytes;
        long block = HIDDEN_KEPT * config.hidden() * bytes;
        int active = config.variant().experts().active();
        if (active == 0) return layers * (kept + block);
        return layers * kept + 2L * active * (block + 2L * config.width() * bytes);
    }

    /** All of it. */
    public long bytes() {
        return linear + attention + mask + head;
    }
}
