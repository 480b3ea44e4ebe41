package io.tramontane.model;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * LoRA (arXiv:2106.09685): the model's weights W [out, in] stay as they are, and of chosen matrices a product of two thin
 * ones is trained that is added to them, {@code W + alpha / rank * B A} with A [rank, in] and B [out, rank]. No bias, no
 * dropout.
 *
 * @param rank columns of B, the number of directions in which a matrix may change; 0 trains all weights instead
 * @param alpha the product is scaled by alpha / rank
 * @param targets matrices that get one, in every layer
 */
public record LoraConfig(int rank, double alpha, List<String> targets) implements Serializable {
    /** Names of matrices as in Hugging Face's and PEFT's files; a model of sparse experts has only the first four. */
    public static final List<String> NAMES =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private static final int LARGEST_RANK = 4096;

    /** Checks ranges. */
    public LoraConfig {
        targets = List.copyOf(targets);
        if (rank < 0 || rank > LARGEST_RANK)
            throw new IllegalArgumentException(
                    "lora.rank " + rank + ", allowed 1 to " + LARGEST_RANK + ", or 0 for none");
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("lora.alpha " + alpha + ", allowed > 0");
        if (targets.isEmpty())
            throw new IllegalArgumentException("lora.targets is empty, allowed " + String.join(", ", NAMES));
        for (String target : targets)
            if (!NAMES.contains(target))
                throw new IllegalArgumentException("lora.targets " + target + ", allowed " + String.join(", ", NAMES));
        if (new HashSet<>(targets).size() < targets.size())
            throw new IllegalArgumentException("lora.targets " + targets + ": a name is there twice");
    }

    /** Off. When on: every linear layer and alpha 32, with which small ranks come closest to full training. */
    public static LoraConfig defaults() {
        return new LoraConfig(0, 32, NAMES);
    }

    /** Whether adapters are trained, not the weights themselves. */
    public boolean on() {
        return rank > 0;
    }

    /** Whether the same matrices are trained the same way, in whatever order they were named. */
    public boolean sameAs(LoraConfig other) {
        return rank == other.rank && alpha == other.alpha && Set.copyOf(targets).equals(Set.copyOf(other.targets));
    }

    /** Factor of the product B A. */
    double scale() {
        return alpha / rank;
    }
}
