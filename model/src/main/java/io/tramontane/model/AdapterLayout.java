package io.tramontane.model;

import io.tramontane.data.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Which weights of a model LoRA adapts, and how its matrices lie in one flat vector: in the order of theta, A before B, under
 * the names that PEFT gives them.
 */
public final class AdapterLayout {
    private static final String PREFIX = "base_model.model.";
    private static final String WEIGHT = ".weight";

    private final PolicyConfig policy;
    private final LoraConfig lora;
    private final List<Adapter> adapters = new ArrayList<>();
    private long length;

    /** Refuses a target that the model does not have. */
    public AdapterLayout(PolicyConfig policy, LoraConfig lora) {
        this.policy = policy;
        this.lora = lora;
        Set<String> found = new LinkedHashSet<>();
        for (TensorRange tensor : policy.tensors()) {
            String name = matrix(tensor);
            if (!LoraConfig.NAMES.contains(name)) continue;
            found.add(name);
            if (lora.targets().contains(name)) add(tensor);
        }
        for (String target : lora.targets())
            if (!found.contains(target))
                throw new BadInputException("lora.targets " + target + ": a "
                        + policy.variant().architecture().className() + " has no such matrix, allowed "
                        + String.join(", ", found));
    }

    /** {@code q_proj} of {@code model.layers.0.self_attn.q_proj.weight}; empty for what is no matrix. */
    private static String matrix(TensorRange tensor) {
        if (tensor.shape().length != 2) return "";
        String[] parts = tensor.name().split("\\.");
        return parts[parts.length - 2];
    }

    private void add(TensorRange weight) {
        TensorRange a = next(weight, ".lora_A.weight", lora.rank(), weight.shape()[1]);
        TensorRange b = next(weight, ".lora_B.weight", weight.shape()[0], lora.rank());
        adapters.add(new Adapter(weight, a, b));
    }

    private TensorRange next(TensorRange weight, String ending, long rows, long columns) {
        String module = weight.name().substring(0, weight.name().length() - WEIGHT.length());
        long[] shape = {rows, columns};
        TensorRange range = new TensorRange(PREFIX + module + ending, shape, length, rows * columns);
        length += range.length();
        return range;
    }

    List<Adapter> adapters() {
        return adapters;
    }

    LoraConfig lora() {
        return lora;
    }

    /** Every matrix in the order of the flat vector. */
    List<TensorRange> tensors() {
        List<TensorRange> tensors = new ArrayList<>();
        for (Adapter adapter : adapters) {
            tensors.add(adapter.a());
            tensors.add(adapter.b());
        }
        return tensors;
    }

    /** Numbers in all adapters: what is trained. */
    public long length() {
        return length;
    }

    /** Numbers in the largest half layer: a pass holds its merged weights, and going back its gradient as well. */
    public long largestBlock() {
        long largest = 0;
        for (Block block : Block.of(policy))
            if (block.layer() >= 0 && block.layer() < policy.layers())
                largest = Math.max(largest, block.reads().get(0).length());
        return largest;
    }

    /** All zero. */
    WeightSnapshot zeros(int version) {
        return new WeightSnapshot(policy, tensors(), version);
    }

    /** As PEFT begins: A uniform between -1 and 1 over the root of its columns (Kaiming, a = sqrt 5), B 0, so that B A is 0. */
    public WeightSnapshot initial(long seed) {
        Random random = new Random(seed);
        WeightSnapshot weights = zeros(0);
        for (Adapter adapter : adapters) {
            TensorRange a = adapter.a();
            double most = 1 / Math.sqrt(a.shape()[1]);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(a.length() * Float.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining()) bytes.putFloat((float) (most * (2 * random.nextDouble() - 1)));
            weights.write(a.offset() * Float.BYTES, bytes.flip());
        }
        return weights;
    }
}
