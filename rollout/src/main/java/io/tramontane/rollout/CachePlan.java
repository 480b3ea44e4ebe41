package io.tramontane.rollout;

import io.tramontane.model.Dtype;
import io.tramontane.model.PolicyConfig;
import java.util.Locale;

/**
 * Memory of one generator's KV cache; {@code rollout.dtype: auto} counts as float32, the larger.
 *
 * @param bytesPerPosition keys and values of one token in all layers
 * @param slots sequences
 * @param positions longest sequence of a slot: prompt, completion, and the tokens of a call that are computed beyond its end
 * @param shared positions that all slots share; 0 if each slot has room for the longest sequence
 */
public record CachePlan(long bytesPerPosition, int slots, int positions, long shared) {
    /** Each slot has room for the longest sequence. */
    public CachePlan(long bytesPerPosition, int slots, int positions) {
        this(bytesPerPosition, slots, positions, 0);
    }

    /** Slots share positions only where those are fewer than they need at most. */
    public CachePlan {
        if (shared >= (long) slots * positions) shared = 0;
    }

    /** The cache that a config asks for. */
    public static CachePlan of(PolicyConfig policy, RolloutConfig config) {
        return new CachePlan(
                config.dtype() == Dtype.BFLOAT16 ? policy.cacheBytes(1) / 2 : policy.cacheBytes(1),
                config.slots(),
                config.maxPromptTokens() + config.maxTokens() + config.decodeSteps(),
                config.cacheTokens());
    }

    /** Bytes of a longest sequence. */
    public long slotBytes() {
        return bytesPerPosition * positions;
    }

    /** Bytes of all slots. */
    public long totalBytes() {
        return shared > 0 ? shared * bytesPerPosition : slots * slotBytes();
    }

    /**
     * The same with as many of its slots as fit into some memory; 0 slots if not even one does. What slots share is not cut:
     * if it does not fit, these are the slots of the longest sequence that do.
     */
    public CachePlan within(long bytes) {
        if (totalBytes() <= bytes) return this;
        return new CachePlan(bytesPerPosition, (int) Math.min(slots, Math.max(0, bytes) / slotBytes()), positions);
    }

    /** One line for the console. */
    public String text() {
        if (shared > 0)
            return String.format(
                    Locale.ROOT,
                    "KV cache %,.1f MB: %,d bytes a position x %,d positions for %d slots of at most %,d",
                    totalBytes() / 1e6,
                    bytesPerPosition,
                    shared,
                    slots,
                    positions);
        return String.format(
                Locale.ROOT,
                "KV cache %,.1f MB: %,d bytes a position x %,d positions x %d slots",
                totalBytes() / 1e6,
                bytesPerPosition,
                positions,
                slots);
    }
}
