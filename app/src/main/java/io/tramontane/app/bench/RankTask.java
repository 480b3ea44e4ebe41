package io.tramontane.app.bench;

import io.tramontane.data.BadInputException;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.PolicyConfig;
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

    PolicyConfig config() {
        return shape(shape);
    }
}
