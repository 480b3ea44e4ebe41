package io.tramontane.trainer;

import io.tramontane.model.AdapterLayout;
import io.tramontane.model.Dtype;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.RankMemory;
import io.tramontane.model.Shard;
import io.tramontane.trainer.loss.Losses;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bytes that a trainer rank holds besides activations, as {@link RankMemory} counts them; with LoRA the frozen weights, four
 * vectors of the adapters alone, and one half layer with its gradient while it is computed.
 *
 * @param parts by what they are, in the order of a plan's line
 * @param adapters numbers in the adapters, or 0
 */
public record TrainerMemory(Map<String, Long> parts, long adapters) {
    private static final String MOMENTS = "AdamW's two moments";

    /** One of some ranks. */
    public static TrainerMemory of(PolicyConfig policy, TrainerConfig trainer, int ranks) {
        RankMemory held = RankMemory.of(policy, trainer.shard(), ranks);
        Map<String, Long> parts = new LinkedHashMap<>();
        long moment = trainer.optimizer().moments() == Dtype.BFLOAT16 ? Short.BYTES : Float.BYTES;
        LoraConfig lora = trainer.lora();
        AdapterLayout layout = lora.on() ? new AdapterLayout(policy, lora) : null;
        if (lora.on()) {
            put(parts, "frozen weights", policy.parameters());
            put(parts, "adapters", layout.length());
            put(parts, "their gradient", trainer.threads() * layout.length());
            parts.put(MOMENTS, 2 * layout.length() * moment);
            put(parts, "a half layer and its gradient", 2 * layout.largestBlock());
        } else {
            put(parts, "weights", held.weights());
            put(parts, trainer.threads() == 1 ? "gradient" : "gradients", trainer.threads() * held.gradient());
            parts.put(MOMENTS, held.moments() * moment);
            put(parts, "gathered blocks", held.gathered());
            put(parts, "rooms for gradients", held.rooms());
        }
        if (Losses.of(trainer.loss()).needsReference())
            put(
                    parts,
                    "reference policy",
                    trainer.shard() == Shard.FULL ? held.weights() + held.rooms() : policy.parameters());
        if (trainer.dtype() == Dtype.BFLOAT16)
            parts.put("a block in bfloat16", RankMemory.converted(policy) * Short.BYTES);
        return new TrainerMemory(parts, lora.on() ? layout.length() : 0);
    }

    private static void put(Map<String, Long> parts, String name, long numbers) {
        if (numbers > 0) parts.put(name, numbers * Float.BYTES);
    }

    /** All of it. */
    public long bytes() {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }
}
