package io.tramontane.rollout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import java.util.Arrays;

/**
 * A prompt's keys and values, [L, Hk, P, D] each, computed piece by piece and then copied into any number of
 * slots. Whoever asked the decoder for it closes it.
 */
public final class Prefix implements AutoCloseable {
    private final NDManager scope;
    private final int[] tokens;
    private NDArray keys;
    private NDArray values;
    private int done;

    Prefix(Policy policy, NDManager owner, int[] tokens) {
        this.scope = owner.newSubManager();
        this.tokens = tokens;
        if (tokens.length == 0) return;
        PolicyConfig shape = policy.config();
        long[] room = {shape.layers(), shape.keyValueHeads(), tokens.length, shape.headSize()};
        this.keys = policy.room(scope, room);
        this.values = policy.room(scope, room);
    }

    public NDArray keys() {
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
