package io.tramontane.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tramontane.model.Block.Part;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * One forward and backward pass over a microbatch, block by block: embedding, the halves of every layer, the head some rows
 * at a time, and back. Made by {@link Policy#pass}, which goes forward through all layers; the head is left to
 * {@link #logprobs} and {@link #backward}. What depends on single tokens costs one sweep of the head, what needs whole
 * sequences two.
 *
 * <p>Native memory: all of it belongs to the pass, until {@link #close()}; what a block kept is freed when it has gone back.
 * One thread owns it.
 *
 * <p>Legend: N tokens, M completion tokens, W width, V vocabulary.
 */
public final class TrainingPass implements AutoCloseable {
    private final Policy policy;
    private final Keep keep;
    private final Trainable trainable;
    private final List<Block> blocks;
    private final NDManager scope;
    private final NDArray tokens;
    private final NDArray temperature;
    private final NDList shared;
    private final NDList sharedWide;
    private final PackedSequences packed;
    private final Deque<NDList> kept = new ArrayDeque<>();
    private final float[] logprobs;
    private final float[] entropies;
    private NDArray last;
    private NDList normed;
    private boolean swept;

    /** Goes forward; without {@code keep} nothing is kept, and there is no way back. */
    TrainingPass(Policy policy, PackedSequences packed, double temperature, Keep keep) {
        this.policy = policy;
        this.packed = packed;
        this.keep = keep;
        this.trainable = policy.trainable();
        this.blocks = policy.blocks();
        this.logprobs = new float[packed.target().length];
        this.entropies = new float[packed.target().length];
        this.scope = policy.manager().newSubManager();
        boolean made = false;
        try {
            this.temperature = scope.create((float) temperature);
            this.tokens = Policy.longs(scope, packed.tokens(), packed.tokens().length);
            NDList common = named("shared", new AttentionIndices(policy, packed).shared(scope));
            int sight = common.size() - (policy.config().variant().mixedWindows() ? 2 : 1);
            this.shared = common.subNDList(0, sight + 1);
            this.sharedWide = new NDList(common.subNDList(0, sight));
            sharedWide.add(common.get(common.size() - 1));
            forward();
            made = true;
        } finally {
            if (!made) close();
        }
    }

    /** DJL makes one list of all arguments that are named so. */
    private static NDList named(String name, NDList arrays) {
        for (NDArray array : arrays) array.setName(name + "[]");
        return arrays;
    }

    /** What a layer's attention takes beside its weights: layers with and without a window differ in who sees whom. */
    private NDList shared(Block block) {
        boolean wide = policy.config().variant().fullLayers().contains(block.layer());
        return wide ? sharedWide : shared;
    }

    private void forward() {
        NDArray x = null;
        for (int i = 0; i < blocks.size() - 1; i++) {
            Block block = blocks.get(i);
            try (NDArray flat = weights(block, 0)) {
                blocks.get(i + 1).reads().forEach(trainable::soon);
                x = block.part() == Part.EMBEDDING
                        ? policy.differentiate("embed", scope, new NDList(flat, tokens))
                                .get(0)
                        : forward(block, flat, x);
            }
        }
        last = x;
    }

    /** x [N, W] is kept or closed. */
    private NDArray forward(Block block, NDArray flat, NDArray x) {
        NDList arguments = new NDList(flat, x);
        if (block.part() == Part.ATTENTION) arguments.addAll(shared(block));
        NDList made = policy.differentiate(method(block) + (keep == Keep.ALL ? "_kept" : ""), scope, arguments);
        NDArray result = made.remove(0);
        if (keep == null) {
            x.close();
        } else {
            made.add(0, x);
            kept.push(made);
        }
        return result;
    }

    private static String method(Block block) {
        return block.part() == Part.ATTENTION ? "attention" : "feed_forward";
    }

    private NDArray weights(Block block, int range) {
        return trainable.weights(block.reads().get(range), scope);
    }

    private Block head() {
        return blocks.get(blocks.size() - 1);
    }

    /**
     * By a sweep of the head if there was none.
     *
     * @return [M] log-probabilities of the completion tokens at the temperature, nats
     */
    public float[] logprobs() {
        sweep();
        return logprobs;
    }

    /**
     * By a sweep of the head if there was none.
     *
     * @return [M] entropies of the distributions that the completion tokens were drawn from, nats
     */
    public float[] entropies() {
        sweep();
        return entropies;
    }

    private void sweep() {
        if (swept) return;
        try (NDArray flat = openHead()) {
            for (int from = 0; from < logprobs.length; from += policy.headRows())
                rows(flat, from).close();
        }
        swept = true;
    }

    /** The head's weights, to be closed; the last norm is computed where it was not. */
    private NDArray openHead() {
        if (normed == null) {
            try (NDArray gain = weights(head(), 0)) {
                normed = policy.differentiate("last_norm", scope, new NDList(gain, last));
            }
        }
        return weights(head(), 1);
    }

    /** Some completion tokens in the head: what {@code head_gradient} takes, from source on. */
    private NDList rows(NDArray flat, int from) {
        int to = Math.min(from + policy.headRows(), logprobs.length);
        NDArray source = Policy.longs(scope, Arrays.copyOfRange(packed.source(), from, to), to - from);
        NDArray target = Policy.longs(scope, Arrays.copyOfRange(packed.target(), from, to), to - from);
        NDList made =
                policy.differentiate("head_rows", scope, new NDList(flat, normed.get(0), source, target, temperature));
        try (NDArray numbers = made.remove(0)) {
            float[] both = numbers.toFloatArray();
            System.arraycopy(both, 0, logprobs, from, to - from);
            System.arraycopy(both, to - from, entropies, from, to - from);
        }
        made.add(0, target);
        made.add(0, source);
        return made;
    }

    /**
     * Goes back, once.
     *
     * @param slopes asked for one piece of completion tokens after the other
     * @param gradient of the trained vector's size, float32: d loss / d trained is added
     */
    public void backward(Slopes slopes, FlatVector gradient) {
        if (keep == null || last == null) throw new IllegalStateException("this pass has no way back");
        NDArray dx = backwardHead(slopes, gradient);
        for (int i = blocks.size() - 2; i > 0; i--) {
            Block block = blocks.get(i);
            dx = backward(block, i, gradient, dx);
        }
        backwardEmbedding(gradient, dx);
    }

    /** dx [N, W] is closed. */
    private void backwardEmbedding(FlatVector gradient, NDArray dx) {
        VectorRange range = blocks.get(0).reads().get(0);
        try (dx) {
            if (trainable.frozen(range)) return;
            try (NDArray change = trainable.gradient(gradient, range, scope)) {
                policy.differentiate("embed_gradient", scope, new NDList(change, tokens, dx))
                        .close();
                trainable.added(change, range, gradient);
            }
        }
    }

    /** dx [N, W] is closed. */
    private NDArray backward(Block block, int i, FlatVector gradient, NDArray dx) {
        VectorRange range = block.reads().get(0);
        try (NDArray flat = weights(block, 0);
                NDArray change = trainable.gradient(gradient, range, scope);
                NDArray before = dx;
                NDList own = named("kept", kept.pop())) {
            if (i > 1) trainable.soon(blocks.get(i - 1).reads().get(0));
            NDList arguments = new NDList(flat, change, before);
            if (block.part() == Part.ATTENTION) arguments.addAll(shared(block));
            arguments.addAll(own);
            NDArray result = policy.differentiate(method(block) + "_gradient", scope, arguments)
                    .get(0);
            trainable.added(change, range, gradient);
            return result;
        }
    }

    /** Returns the gradient of the last layer's result [N, W]. */
    private NDArray backwardHead(Slopes slopes, FlatVector gradient) {
        List<VectorRange> ranges = head().reads();
        float[] slope = new float[logprobs.length];
        float[] entropySlope = new float[logprobs.length];
        try (NDArray flat = openHead();
                NDArray change = headGradient(gradient, ranges.get(1));
                NDArray dy = normed.get(0).zerosLike()) {
            for (int from = 0; from < logprobs.length; from += policy.headRows()) {
                try (NDList rows = rows(flat, from)) {
                    int to = Math.min(from + policy.headRows(), logprobs.length);
                    slopes.fill(from, to, logprobs, entropies, slope, entropySlope);
                    NDList arguments = new NDList(flat, change, dy, rows.get(0), rows.get(1));
                    try (NDArray given = slopes(slope, entropySlope, from, to)) {
                        arguments.add(given);
                        arguments.addAll(rows.subNDList(2));
                        policy.differentiate("head_gradient", scope, arguments).close();
                    }
                }
            }
            if (!trainable.frozen(ranges.get(1))) trainable.added(change, ranges.get(1), gradient);
            try (NDArray gain = weights(head(), 0);
                    NDArray dgain = trainable.gradient(gradient, ranges.get(0), scope);
                    NDArray x = last;
                    NDList states = normed) {
                trainable.soon(blocks.get(blocks.size() - 2).reads().get(0));
                last = null;
                swept = true;
                NDList arguments = new NDList(gain, dgain, dy, x, states.get(1), temperature);
                NDArray dx = policy.differentiate("last_norm_gradient", scope, arguments)
                        .get(0);
                trainable.added(dgain, ranges.get(0), gradient);
                return dx;
            }
        }
    }

    /** Empty where the head is frozen: it is the largest matrix, and its gradient is then not computed. */
    private NDArray headGradient(FlatVector gradient, VectorRange range) {
        return trainable.frozen(range) ? scope.zeros(new Shape(0)) : trainable.gradient(gradient, range, scope);
    }

    /** [1, X], or [2, X] where a loss has slopes of the entropies. */
    private NDArray slopes(float[] slope, float[] entropySlope, int from, int to) {
        int count = to - from;
        boolean two = false;
        for (int m = from; m < to; m++) two |= entropySlope[m] != 0;
        float[] rows = new float[two ? 2 * count : count];
        System.arraycopy(slope, from, rows, 0, count);
        if (two) System.arraycopy(entropySlope, from, rows, count, count);
        return Policy.floats(scope, rows, two ? 2 : 1, count);
    }

    /** States [N, W] after the last layer. */
    NDArray last() {
        return last;
    }

    @Override
    public void close() {
        scope.close();
    }
}
