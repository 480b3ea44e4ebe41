package io.tramontane.app.serve;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.RolloutConfig;

/**
 * What is served.
 *
 * @param name as clients call it
 * @param weights to begin with
 * @param files the tokenizer's
 * @param format of chats
 * @param tags the marks of the model's thoughts
 * @param absent sampling parameters of requests that name none; temperature 0 is greedy
 * @param config of the generator: slots, longest sequence, dtype
 * @param context longest prompt and completion together, in tokens
 */
public record Served(
        String name,
        WeightSnapshot weights,
        TokenizerFiles files,
        ChatFormat format,
        ThinkTags tags,
        SamplingParameters absent,
        RolloutConfig config,
        int context) {
    private static final int DECODE_STEPS = 4;

    /** Tokens of others' prompts for which live sequences wait: on a CPU a pass over 512 may take seconds. */
    private static final int CPU_PREFILL = 128;

    private static final int GPU_PREFILL = 512;

    /** A generator for requests that say themselves how long they are. */
    public static RolloutConfig generator(int slots, int context, Dtype dtype) {
        ComputeDevice device = ComputeDevice.available();
        int prefill = device.gpu() ? GPU_PREFILL : CPU_PREFILL;
        return new RolloutConfig(2, slots, DECODE_STEPS, 1, context - 1, 1.0, 1.0, false, prefill, dtype)
                .withUsualDrafts(device);
    }
}
