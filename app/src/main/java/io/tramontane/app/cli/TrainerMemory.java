package io.tramontane.app.cli;

import io.tramontane.model.AdapterLayout;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.PolicyConfig;
import io.tramontane.trainer.TrainerConfig;
import java.util.Locale;

/**
 * Bytes that a trainer holds besides activations: with all weights trained, these, their gradient and two moments; with LoRA
 * the weights, four such vectors of the adapters alone, and one half layer with its gradient while it is computed.
 *
 * @param weights one vector of all parameters
 * @param reference the reference policy's, or 0
 * @param trained gradient, moments and, with LoRA, adapters
 * @param block with LoRA, a half layer's merged weights and gradient
 * @param adapters numbers in the adapters, or 0
 */
record TrainerMemory(long weights, long reference, long trained, long block, long adapters) {
    static TrainerMemory of(PolicyConfig policy, TrainerConfig trainer) {
        long weights = policy.parameters() * Float.BYTES;
        long reference = trainer.loss().klCoef() > 0 ? weights : 0;
        LoraConfig lora = trainer.lora();
        if (!lora.on()) return new TrainerMemory(weights, reference, 3 * weights, 0, 0);
        AdapterLayout layout = new AdapterLayout(policy, lora);
        return new TrainerMemory(
                weights,
                reference,
                4 * layout.length() * Float.BYTES,
                2 * layout.largestBlock() * Float.BYTES,
                layout.length());
    }

    long bytes() {
        return weights + reference + trained + block;
    }

    String text() {
        String beside = reference > 0 ? ", weights of the reference policy" : "";
        if (adapters == 0)
            return Memory.megabytes(bytes()) + " (weights, gradient and AdamW's two moments" + beside + ", "
                    + Memory.megabytes(weights) + " each)";
        return Memory.megabytes(bytes()) + " (frozen weights" + beside + ", " + Memory.megabytes(weights)
                + (reference > 0 ? " each" : "") + "; "
                + String.format(Locale.ROOT, "%,d numbers in adapters", adapters)
                + ", their gradient and AdamW's two moments, "
                + Memory.megabytes(trained) + "; a half layer and its gradient, " + Memory.megabytes(block) + ")";
    }
}
