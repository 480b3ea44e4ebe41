package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.StoragePath;
import io.tramontane.model.AdapterLayout;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PeftAdapter;
import io.tramontane.model.Policy;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.VectorSource;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The adapters that a policy trains, in files: {@code adapter/} of a checkpoint, and what {@code state.json} says of them
 * under {@code lora}: the rank, and the digests of the base and of the adapters. Where LoRA is off there are none, and
 * nothing is done.
 *
 * @param policy that holds them
 * @param lora what is trained
 * @param base digest of the weights that they are added to; empty where LoRA is off
 */
record Adapters(Policy policy, LoraConfig lora, String base) {
    private static final String FOLDER = "adapter";
    private static final String LORA = "lora";

    static Adapters of(Policy policy, LoraConfig lora, VectorSource base) {
        return new Adapters(policy, lora, lora.on() ? base.digest() : "");
    }

    /** New ones, which change nothing yet. */
    void begin(long seed) {
        if (lora.on()) load(new AdapterLayout(policy.config(), lora).initial(seed));
    }

    /** Those that were saved. */
    void load(WeightSnapshot adapters) {
        policy.load(policy.trained(), adapters);
    }

    /** A copy for a checkpoint. */
    Optional<Saved> saved(int version) {
        if (!lora.on()) return Optional.empty();
        return Optional.of(new Saved(new PeftAdapter(lora, policy.snapshot(policy.trained(), version)), base));
    }

    /**
     * A copy that is being saved.
     *
     * @param adapter in PEFT's form
     * @param base digest of the weights that it is added to
     */
    record Saved(PeftAdapter adapter, String base) {
        /** Writes into a checkpoint; returns what its state.json says of it. */
        Map<String, Object> write(StoragePath checkpoint) throws IOException {
            StoragePath folder = checkpoint.child(FOLDER);
            folder.makeFolder();
            adapter.write(folder);
            return Map.of(
                    "rank",
                    adapter.lora().rank(),
                    "base",
                    base,
                    "adapter",
                    adapter.weights().digest());
        }
    }

    /** Full training cannot go on with adapters, nor with those of another rank. */
    static void checkRank(Path checkpoint, JsonNode state, LoraConfig lora) {
        int rank = state.path(LORA).path("rank").asInt(0);
        if (rank != lora.rank())
            throw new BadInputException(
                    checkpoint + ": was trained with lora.rank " + rank + ", the config says " + lora.rank());
    }

    static void checkBase(Path model, WeightSnapshot base, JsonNode state) {
        String digest = state.path(LORA).path("base").asText();
        if (!base.digest().equals(digest))
            throw new BadInputException(model
                    + ": is not the model whose adapters were trained, the digest of that one's weights is " + digest);
    }

    static PeftAdapter read(Path checkpoint, PolicyConfig config, JsonNode state, LoraConfig lora) {
        PeftAdapter adapter = PeftAdapter.read(
                checkpoint.resolve(FOLDER), config, state.path("step").asInt(-1));
        if (!adapter.lora().sameAs(lora))
            throw new BadInputException(checkpoint + ": was trained with lora.alpha "
                    + adapter.lora().alpha() + " and lora.targets "
                    + adapter.lora().targets()
                    + ", the config says " + lora.alpha() + " and " + lora.targets());
        String digest = state.path(LORA).path("adapter").asText();
        if (!adapter.weights().digest().equals(digest))
            throw new BadInputException(checkpoint + ": the adapter's digest is not the one in state.json, " + digest);
        return adapter;
    }
}
