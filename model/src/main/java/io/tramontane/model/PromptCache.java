package io.tramontane.model;

import java.util.Arrays;

/**
 * A prompt with its keys and values, [L, Hk, P, D] each: computed in one or more passes ({@link DecodingSession#prefill}),
 * then copied into any number of slots. One of {@link DecodingSession#inSlot} is a slot's sequence and uses the slot's memory.
 * Native memory: keys and values, until {@link #close()}.
 */
public final class PromptCache implements AutoCloseable {
    private final int[] tokens;
    private final KeyValueCache cache;
    private int computed;

    PromptCache(Policy policy, int[] tokens) {
        this.tokens = tokens;
        PolicyConfig shape = policy.config();
        this.cache = tokens.length == 0
                ? null
                : new KeyValueCache(policy, shape.layers(), shape.keyValueHeads(), tokens.length, shape.headSize());
    }

    /** The sequence that lies in a cache already, the first {@code computed} tokens with their keys and values. */
    PromptCache(int[] tokens, KeyValueCache cache, int computed) {
        this.tokens = tokens;
        this.cache = cache;
        this.computed = computed;
    }

    /** P, tokens of the prompt. */
    public int length() {
        return tokens.length;
    }

    /** Tokens whose keys and values are still to be computed. */
    public int missing() {
        return tokens.length - computed;
    }

    /** Null for an empty prompt. */
    KeyValueCache cache() {
        return cache;
    }

    /** Tokens whose keys and values are computed. */
    int computed() {
        return computed;
    }

    /** The next {@code count} tokens, which count as computed from now on. */
    int[] advance(int count) {
        computed += count;
        return Arrays.copyOfRange(tokens, computed - count, computed);
    }

    @Override
    public void close() {
        if (cache != null) cache.close();
    }
}
