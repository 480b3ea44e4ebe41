package io.tramontane.app.bench;

import io.tramontane.data.BadInputException;
import io.tramontane.model.Activations;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.PackedSequences.Size;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.RankMemory;
import io.tramontane.model.Shard;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ranks of {@link RanksBench} train: random weights on random completions.
 *
 * @param shape one of {@link #SHAPES}
 * @param shard what the ranks divide
 * @param keep what a pass keeps
 * @param dtype of what is computed
 * @param moments type of AdamW's moments
 * @param steps of training, an update each
 * @param groups of a step
 * @param groupSize completions of a group
 * @param promptTokens of every prompt
 * @param completionTokens of the longest completion; the others are up to a half shorter
 * @param microbatchTokens most tokens of a pass
 * @param sharedMemory whether ranks exchange by shared memory, or by sockets
 * @param gpu whether rank r computes on GPU r; then NCCL exchanges
 * @param exchanged numbers of a vector that is summed some times, 0 for none
 * @param save whether the last weights are saved as a checkpoint
 */
public record RankTask(
        String shape,
        Shard shard,
        Keep keep,
        Dtype dtype,
        Dtype moments,
        int steps,
        int groups,
        int groupSize,
        int promptTokens,
        int completionTokens,
        int microbatchTokens,
        boolean sharedMemory,
        boolean gpu,
        long exchanged,
        boolean save) {
    /** By name. */
    public static final Map<String, PolicyConfig> SHAPES = new TreeMap<>(Map.of(
            "tiny", new PolicyConfig(4, 128, 4, 2, 32, 352, 512, 4096, 10_000, 1e-5, true, 0),
            "10m", new PolicyConfig(6, 256, 8, 4, 32, 768, 16_384, 4096, 10_000, 1e-5, true, 0),
            "135m", new PolicyConfig(30, 576, 9, 3, 64, 1536, 49_152, 8192, 100_000, 1e-5, true, 0),
            "1.3b", new PolicyConfig(24, 2048, 16, 16, 128, 5632, 32_000, 8192, 100_000, 1e-5, true, 0)));

    /** Of a name. */
    public static PolicyConfig shape(String name) {
        PolicyConfig shape = SHAPES.get(name);
        if (shape == null) throw new BadInputException("--shape " + name + ", allowed " + SHAPES.keySet());
        return shape;
    }

    /** Sums of a vector and nothing else. */
    static RankTask sums(long numbers, boolean sharedMemory, boolean gpu) {
        return new RankTask(
                "tiny",
                Shard.NONE,
                Keep.ALL,
                Dtype.FLOAT32,
                Dtype.FLOAT32,
                0,
                1,
                2,
                1,
                1,
                1,
                sharedMemory,
                gpu,
                numbers,
                false);
    }

    PolicyConfig config() {
        return shape(shape);
    }

    /** Bytes that a rank is planned to hold beside its process: what it allocates, and activations of the fullest pass. */
    public long plannedBytes(int ranks) {
        RankMemory memory = RankMemory.of(config(), shard, ranks);
        long numbers = memory.numbers() - memory.moments();
        long moment = moments == Dtype.BFLOAT16 ? Short.BYTES : Float.BYTES;
        long half = dtype == Dtype.BFLOAT16 ? RankMemory.converted(config()) * Short.BYTES : 0;
        return numbers * Float.BYTES + memory.moments() * moment + half + activations();
    }

    private long activations() {
        Size size = Size.ofPrompt(promptTokens).withCompletion(promptTokens, completionTokens);
        for (int i = 1; i < groups * groupSize; i++) {
            Size next = i % groupSize == 0 ? size.and(Size.ofPrompt(promptTokens)) : size;
            next = next.withCompletion(promptTokens, completionTokens);
            if (next.tokens() > microbatchTokens) break;
            size = next;
        }
        return Activations.of(config(), size, keep, dtype).bytes();
    }
}
