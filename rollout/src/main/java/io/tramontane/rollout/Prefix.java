package io.tramontane.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tramontane.model.PolicyConfig;
import java.util.Arrays;

/**
 * A prompt's keys and values, [L, Hk, P, D] float32 each, computed piece by piece and then copied into any number of
 * slots. Whoever asked the decoder for it closes it.
 */
final class Prefix implements AutoCloseable {
    private final NDManager scope;
    private final int[] tokens;
    private NDArray keys;
    private NDArray values;
    private int done;

    Prefix(NDManager scope, PolicyConfig shape, int[] tokens) {
        this.scope = scope;
        this.tokens = tokens;
        if (tokens.length == 0) return;
        Shape room = new Shape(shape.layers(), shape.keyValueHeads(), tokens.length, shape.headSize());
        this.keys = scope.zeros(room, DataType.FLOAT32);
        this.values = scope.zeros(room, DataType.FLOAT32);
    }

    NDArray keys() {
        return keys;
    }

    NDArray values() {
        return values;
    }

    /** P. */
    int length() {
        return tokens.length;
    }

    /** Tokens whose keys and values are there. */
    int done() {
        return done;
    }

    int missing() {
        return tokens.length - done;
    }

    /** The next {@code count} tokens, which are computed now. */
    int[] advance(int count) {
        done += count;
        return Arrays.copyOfRange(tokens, done - count, done);
    }

    @Override
    public void close() {
        scope.close();
    }
}
