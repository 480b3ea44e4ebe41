package io.tramontane.rollout;

import io.tramontane.model.ComputeDevice;
import io.tramontane.model.Dtype;
import io.tramontane.model.Numerics;
import java.io.Serializable;

/**
 * How completions are sampled.
 *
 * @param groupSize G, completions per problem
 * @param slots sequences that are generated at the same time by one generator (n_async of the paper, per generator)
 * @param decodeSteps tokens per slot in one call; between two calls new weights and requests are taken
 * @param maxPromptTokens longest prompt that the KV cache is planned for, in tokens
 * @param maxTokens longest completion, in tokens
 * @param temperature divides the logits; 0 is greedy
 * @param topP nucleus; 1 keeps the whole distribution. Training needs 1: the ratio's denominator is the full softmax
 * @param batchInvariant generator and trainer give the same bits in any batch, see docs/models.md; slower
 * @param prefillTokens prompt tokens that are computed between two decoding calls; the rest of a longer prompt waits
 * @param dtype of the generator's weights, keys and values; not of the trainer's. int8 is of weights alone, on a CPU
 * @param onSwap sequences under way when new weights arrive: keep (the paper) goes on over the keys and values they have,
 *     recompute computes these again with the new weights, drain finishes the sequences first and starts no others meanwhile
 * @param cacheTokens positions of the KV cache that all sequences of a generator share; 0 gives each slot as many as the
 *     longest sequence needs, maxPromptTokens + maxTokens + decodeSteps
 * @param spill a run that is interrupted keeps what was sampled of groups in flight in the run folder, and --resume goes on with
 *     it; without effect where cluster.maxLag is 0, since synchronous sets are sampled again as a whole
 * @param drafts tokens that are guessed at once for each sequence while at most four are live, see docs/models.md; they do not
 *     change what is sampled, but for rounding. 0 guesses none
 */
public record RolloutConfig(
        int groupSize,
        int slots,
        int decodeSteps,
        int maxPromptTokens,
        int maxTokens,
        double temperature,
        double topP,
        boolean batchInvariant,
        int prefillTokens,
        Dtype dtype,
        OnSwap onSwap,
        int cacheTokens,
        boolean spill,
        int drafts)
        implements Serializable {
    private static final int USUAL_DRAFTS = 7;

    /** G = 16 as DAPO (the paper prints none); temperature 1. */
    public static RolloutConfig defaults() {
        return new RolloutConfig(16, 128, 4, 1024, 1024, 1.0, 1.0);
    }

    /** Keys and values are kept when new weights arrive. */
    public RolloutConfig(
            int groupSize,
            int slots,
            int decodeSteps,
            int maxPromptTokens,
            int maxTokens,
            double temperature,
            double topP,
            boolean batchInvariant,
            int prefillTokens,
            Dtype dtype) {
        this(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                OnSwap.KEEP,
                0,
                true,
                0);
    }

    /** Prefill of 512 tokens between two calls: full speed of the products in the time of a few decode steps; dtype auto. */
    public RolloutConfig(
            int groupSize,
            int slots,
            int decodeSteps,
            int maxPromptTokens,
            int maxTokens,
            double temperature,
            double topP,
            boolean batchInvariant) {
        this(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                512,
                Dtype.AUTO);
    }

    /** Fast numerics. */
    public RolloutConfig(
            int groupSize,
            int slots,
            int decodeSteps,
            int maxPromptTokens,
            int maxTokens,
            double temperature,
            double topP) {
        this(groupSize, slots, decodeSteps, maxPromptTokens, maxTokens, temperature, topP, false);
    }

    /** The same with another number of slots. */
    public RolloutConfig withSlots(int other) {
        return new RolloutConfig(
                groupSize,
                other,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                onSwap,
                cacheTokens,
                spill,
                drafts);
    }

    /** The same with another longest completion. */
    public RolloutConfig withMaxTokens(int other) {
        return new RolloutConfig(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                other,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                onSwap,
                cacheTokens,
                spill,
                drafts);
    }

    /** The same with another dtype. */
    public RolloutConfig withDtype(Dtype other) {
        return new RolloutConfig(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                other,
                onSwap,
                cacheTokens,
                spill,
                drafts);
    }

    /** The same with another rule for sequences under way when new weights arrive. */
    public RolloutConfig withOnSwap(OnSwap other) {
        return new RolloutConfig(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                other,
                cacheTokens,
                spill,
                drafts);
    }

    /** The same with another number of positions that all sequences share. */
    public RolloutConfig withCacheTokens(int other) {
        return new RolloutConfig(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                onSwap,
                other,
                spill,
                drafts);
    }

    /** The same with another number of tokens that are guessed at once. */
    public RolloutConfig withDrafts(int other) {
        return new RolloutConfig(
                groupSize,
                slots,
                decodeSteps,
                maxPromptTokens,
                maxTokens,
                temperature,
                topP,
                batchInvariant,
                prefillTokens,
                dtype,
                onSwap,
                cacheTokens,
                spill,
                other);
    }

    /** The same with the guesses of programs that sample for a person, on a CPU; on a GPU they are not measured. */
    public RolloutConfig withUsualDrafts(ComputeDevice device) {
        return withDrafts(device.gpu() ? 0 : USUAL_DRAFTS);
    }

    /** How the policy computes, in the generator and in the trainer. */
    public Numerics numerics() {
        return batchInvariant ? Numerics.BATCH_INVARIANT : Numerics.FAST;
    }

    /** Checks ranges. */
    public RolloutConfig {
        if (groupSize < 2) throw new IllegalArgumentException("rollout.groupSize " + groupSize + ", allowed >= 2");
        if (slots < 1) throw new IllegalArgumentException("rollout.slots " + slots + ", allowed >= 1");
        if (decodeSteps < 1)
            throw new IllegalArgumentException("rollout.decodeSteps " + decodeSteps + ", allowed >= 1");
        if (maxPromptTokens < 1)
            throw new IllegalArgumentException("rollout.maxPromptTokens " + maxPromptTokens + ", allowed >= 1");
        if (maxTokens < 1) throw new IllegalArgumentException("rollout.maxTokens " + maxTokens + ", allowed >= 1");
        if (!(temperature >= 0))
            throw new IllegalArgumentException("rollout.temperature " + temperature + ", allowed >= 0");
        if (prefillTokens < 1)
            throw new IllegalArgumentException("rollout.prefillTokens " + prefillTokens + ", allowed >= 1");
        if (drafts < 0) throw new IllegalArgumentException("rollout.drafts " + drafts + ", allowed >= 0");
        if (cacheTokens != 0 && cacheTokens < (long) maxPromptTokens + maxTokens + decodeSteps)
            throw new IllegalArgumentException("rollout.cacheTokens " + cacheTokens
                    + ", allowed 0, or >= the longest sequence: rollout.maxPromptTokens " + maxPromptTokens
                    + " + rollout.maxTokens " + maxTokens + " + rollout.decodeSteps " + decodeSteps);
        if (batchInvariant && (dtype == Dtype.BFLOAT16 || dtype == Dtype.INT8))
            throw new IllegalArgumentException("rollout.dtype " + dtype
                    + " with rollout.batchInvariant true, allowed float32: only its bits are the same");
        if (!(topP > 0 && topP <= 1)) throw new IllegalArgumentException("rollout.topP " + topP + ", allowed (0, 1]");
    }
}
