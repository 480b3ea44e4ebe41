package io.tramontane.trainer;

import io.tramontane.data.Interval;
import io.tramontane.model.Dtype;
import io.tramontane.model.Keep;
import io.tramontane.model.LoraConfig;
import io.tramontane.model.Shard;
import io.tramontane.trainer.loss.LossConfig;
import java.io.Serializable;

/**
 * How a batch becomes a new policy version.
 *
 * @param batchSize completions per batch, n_batch
 * @param minibatchSize completions per optimizer step, n_minibatch; must divide batchSize and be a multiple of
 *     rollout.groupSize, since groups stay whole
 * @param microbatchTokens most tokens (prompts and completions) in one forward and backward pass; 0 lets the plan of a run choose:
 *     up to 16384, as many as have their activations in a quarter of the memory, so that groups repeat their prompts less
 * @param threads each computes its share of a minibatch, with a gradient of its own; these are added in a fixed order. A second
 *     one computes only while a core is free, and the first does what is left: the numbers are the same. 2 pays in synchronous
 *     runs on a CPU, with cluster.generators 2. 1 on a GPU, with several cluster.trainers and with several cluster.threads
 * @param steps batches to train on
 * @param minutes stop so long after the first batch, or, while there is none, after the first scored group, even if steps
 *     are left; 0 is no limit. Counted anew when a run is resumed
 * @param checkpointEvery steps between two checkpoints
 * @param keepCheckpoints so many of the newest checkpoints are kept, older ones are deleted; 0 keeps all
 * @param keepBestCheckpoint also keep the checkpoint with the largest correctness in the run's own evaluations
 * @param keep what a pass keeps on its way forward for its way back: {@code all}, the fastest, or {@code blocks}, only the
 *     input of every half layer, which is then computed once more in a fraction of the memory
 * @param dtype of what is computed, not int8; auto is bfloat16 on a GPU. Weights, gradient, moments, the head and
 *     log-probabilities are float32 always
 * @param shard what the ranks of a run divide among them: {@code none}, each has all; {@code optimizer}, each has the moments of
 *     its range of the weights and updates it; {@code full}, each has weights, gradient and moments of its ranges, and what a
 *     block computes with is gathered
 * @param lora what is trained: all weights, or adapters
 * @param loss what a step minimises
 * @param optimizer AdamW's numbers
 */
public record TrainerConfig(
        int batchSize,
        int minibatchSize,
        int microbatchTokens,
        int threads,
        int steps,
        double minutes,
        int checkpointEvery,
        int keepCheckpoints,
        boolean keepBestCheckpoint,
        Keep keep,
        Dtype dtype,
        Shard shard,
        LoraConfig lora,
        LossConfig loss,
        OptimizerConfig optimizer)
        implements Serializable {
    private static final int MOST_THREADS = 64;

    /** n_batch = n_minibatch, as the paper's final runs (section 6.3). */
    public static TrainerConfig defaults() {
        return new TrainerConfig(1024, 1024, 0, 1000, 0, 50, LossConfig.defaults(), OptimizerConfig.defaults());
    }

    /** With the 20 newest checkpoints, which are all of a default run; keeps all, in float32. */
    public TrainerConfig(
            int batchSize,
            int minibatchSize,
            int microbatchTokens,
            int steps,
            double minutes,
            int checkpointEvery,
            LossConfig loss,
            OptimizerConfig optimizer) {
        this(
                batchSize,
                minibatchSize,
                microbatchTokens,
                1,
                steps,
                minutes,
                checkpointEvery,
                20,
                false,
                Keep.ALL,
                Dtype.FLOAT32,
                Shard.NONE,
                LoraConfig.defaults(),
                loss,
                optimizer);
    }

    /** The same with adapters. */
    public TrainerConfig with(LoraConfig other) {
        return new TrainerConfig(
                batchSize,
                minibatchSize,
                microbatchTokens,
                threads,
                steps,
                minutes,
                checkpointEvery,
                keepCheckpoints,
                keepBestCheckpoint,
                keep,
                dtype,
                shard,
                other,
                loss,
                optimizer);
    }

    /** The same with so many threads. */
    public TrainerConfig withThreads(int count) {
        return new TrainerConfig(
                batchSize,
                minibatchSize,
                microbatchTokens,
                count,
                steps,
                minutes,
                checkpointEvery,
                keepCheckpoints,
                keepBestCheckpoint,
                keep,
                dtype,
                shard,
                lora,
                loss,
                optimizer);
    }

    /** The same with another loss. */
    public TrainerConfig with(LossConfig other) {
        return new TrainerConfig(
                batchSize,
                minibatchSize,
                microbatchTokens,
                threads,
                steps,
                minutes,
                checkpointEvery,
                keepCheckpoints,
                keepBestCheckpoint,
                keep,
                dtype,
                shard,
                lora,
                other,
                optimizer);
    }

    /** Optimizer steps per batch, one per minibatch. */
    public int updatesPerStep() {
        return batchSize / minibatchSize;
    }

    /** The steps after which a checkpoint is saved. */
    public Interval checkpoints() {
        return new Interval(checkpointEvery);
    }

    /** Checks ranges. */
    public TrainerConfig {
        if (dtype == Dtype.INT8)
            throw new IllegalArgumentException(
                    "trainer.dtype int8, allowed auto, float32, bfloat16: generators alone take it");
        if (lora.on() && shard != Shard.NONE)
            throw new IllegalArgumentException("trainer.shard " + shard
                    + ", allowed none where adapters are trained (trainer.lora.rank): they are small");
        if (batchSize < 2) throw new IllegalArgumentException("trainer.batchSize " + batchSize + ", allowed >= 2");
        if (minibatchSize < 2 || batchSize % minibatchSize != 0)
            throw new IllegalArgumentException(
                    "trainer.minibatchSize " + minibatchSize + ", must divide trainer.batchSize " + batchSize);
        if (microbatchTokens < 0)
            throw new IllegalArgumentException("trainer.microbatchTokens " + microbatchTokens + ", allowed >= 0");
        if (threads < 1 || threads > MOST_THREADS)
            throw new IllegalArgumentException("trainer.threads " + threads + ", allowed 1 to " + MOST_THREADS
                    + ": each has a gradient of its own");
        if (steps < 1) throw new IllegalArgumentException("trainer.steps " + steps + ", allowed >= 1");
        if (!(minutes >= 0)) throw new IllegalArgumentException("trainer.minutes " + minutes + ", allowed >= 0");
        if (checkpointEvery < 1)
            throw new IllegalArgumentException("trainer.checkpointEvery " + checkpointEvery + ", allowed >= 1");
        if (keepCheckpoints < 0)
            throw new IllegalArgumentException(
                    "trainer.keepCheckpoints " + keepCheckpoints + ", allowed >= 1, or 0 to keep all");
    }
}
