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
 */
public record CachePlan(long bytesPerPosition, int slots, int positions) {
    /** The cache that a config asks for. */
    public static CachePlan of(PolicyConfig policy, RolloutConfig config) {
        return new CachePlan(
                config.dtype() == Dtype.BFLOAT16 ? policy.cacheBytes(1) / 2 : policy.cacheBytes(1),
                config.slots(),
                config.maxPromptTokens() + config.maxTokens() + config.decodeSteps());
    }

    /** Bytes of a slot. */
    public long slotBytes() {
        return bytesPerPosition * positions;
    }

    /** Bytes of all slots. */
    public long totalBytes() {
        return slots * slotBytes();
    }

    /** The same with as many of its slots as fit into some memory; 0 slots if not even one does. */
    public CachePlan within(long bytes) {
        return new CachePlan(bytesPerPosition, (int) Math.min(slots, Math.max(0, bytes) / slotBytes()), positions);
    }

    /** One line for the console. */
    public String text() {
        return String.format(
                Locale.ROOT,
                "KV cache %,.1f MB: %,d bytes a position x %,d positions x %d slots",
                totalBytes() / 1e6,
                bytesPerPosition,
                positions,
                slots);
    }
}
