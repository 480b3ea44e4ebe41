package io.tramontane.app.serve;

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
 * @param absent sampling parameters of requests that name none; temperature 0 is greedy
 * @param config of the generator: slots, longest sequence, dtype
 * @param context longest prompt and completion together, in tokens
 */
public record Served(
        String name,
        WeightSnapshot weights,
        TokenizerFiles files,
        ChatFormat format,
        SamplingParameters absent,
        RolloutConfig config,
        int context) {}
