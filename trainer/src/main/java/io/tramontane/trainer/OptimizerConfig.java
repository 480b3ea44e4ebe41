package io.tramontane.trainer;

import io.tramontane.model.Dtype;
import java.io.Serializable;

/**
 * AdamW with decoupled weight decay (arXiv:1711.05101), gradient clipping by global norm, linear warm-up.
 *
 * @param learningRate after warm-up
 * @param warmupSteps steps over which the rate rises linearly from learningRate / warmupSteps
 * @param decayFrom share of the run after which the rate falls linearly; 1 keeps it constant
 * @param finalShare share of learningRate that is left at the end of the fall
 * @param beta1 first moment
 * @param beta2 second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay applied to every parameter
 * @param clipNorm largest gradient norm
 * @param moments type in which both moments are kept, float32 or bfloat16, which takes half the memory (DeepSeek-V3,
 *     arXiv:2412.19437, section 3.3.3), they are computed in float32 all the same. It holds from a run's start
 */
public record OptimizerConfig(
        double learningRate,
        int warmupSteps,
        double decayFrom,
        double finalShare,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double clipNorm,
        Dtype moments)
        implements Serializable {
    /** With moments in float32. */
    public OptimizerConfig(
            double learningRate,
            int warmupSteps,
            double decayFrom,
            double finalShare,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay,
            double clipNorm) {
        this(
                learningRate,
                warmupSteps,
                decayFrom,
                finalShare,
                beta1,
                beta2,
                epsilon,
                weightDecay,
                clipNorm,
                Dtype.FLOAT32);
    }

    /** 1e-6 as PipelineRL for 7B (the paper prints none), constant. */
    public static OptimizerConfig defaults() {
        return new OptimizerConfig(1e-6, 5, 1.0, 0.0, 0.9, 0.95, 1e-8, 0.0, 1.0);
    }

    /** Checks ranges. */
    public OptimizerConfig {
        if (!(learningRate > 0))
            throw new IllegalArgumentException("optimizer.learningRate " + learningRate + ", allowed > 0");
        if (warmupSteps < 0)
            throw new IllegalArgumentException("optimizer.warmupSteps " + warmupSteps + ", allowed >= 0");
        if (!(decayFrom >= 0 && decayFrom <= 1))
            throw new IllegalArgumentException("optimizer.decayFrom " + decayFrom + ", allowed 0 to 1");
        if (!(finalShare >= 0 && finalShare <= 1))
            throw new IllegalArgumentException("optimizer.finalShare " + finalShare + ", allowed 0 to 1");
        if (!(beta1 >= 0 && beta1 < 1))
            throw new IllegalArgumentException("optimizer.beta1 " + beta1 + ", allowed [0, 1)");
        if (!(beta2 >= 0 && beta2 < 1))
            throw new IllegalArgumentException("optimizer.beta2 " + beta2 + ", allowed [0, 1)");
        if (!(epsilon > 0)) throw new IllegalArgumentException("optimizer.epsilon " + epsilon + ", allowed > 0");
        if (!(weightDecay >= 0))
            throw new IllegalArgumentException("optimizer.weightDecay " + weightDecay + ", allowed >= 0");
        if (moments == Dtype.AUTO || moments == Dtype.INT8)
            throw new IllegalArgumentException("optimizer.moments " + moments + ", allowed float32, bfloat16");
        if (!(clipNorm > 0)) throw new IllegalArgumentException("optimizer.clipNorm " + clipNorm + ", allowed > 0");
    }

    /** The rate of one step; {@code step} counts from 1, {@code steps} is the length of the run. */
    public double rateAt(long step, long steps) {
        double warm = warmupSteps == 0 ? 1 : Math.min(1.0, (double) step / warmupSteps);
        double progress = (double) step / Math.max(1, steps);
        double fall = progress <= decayFrom ? 0 : (progress - decayFrom) / (1 - decayFrom);
        return learningRate * warm * (1 - Math.min(1, fall) * (1 - finalShare));
    }
}
