package io.tramontane.cluster.config;

import io.tramontane.data.Interval;
import io.tramontane.rollout.RolloutConfig;
import java.io.Serializable;

/**
 * Scoring of held-out problems inside a run.
 *
 * @param problems how many; 0 evaluates nothing, which saves a generator's memory
 * @param everySteps steps between two evaluations; there is always one at step 0 and one at the end
 * @param forced also score the untouched policy with the opening of a detailed thought forced, where the source has one
 * @param samples completions per problem
 * @param temperature divides the logits; 0 is greedy
 * @param topP nucleus; 1 keeps the whole distribution
 */
public record EvaluationConfig(
        int problems, int everySteps, boolean forced, int samples, double temperature, double topP)
        implements Serializable {
    /** Every 50 steps, one greedy completion. */
    public static EvaluationConfig defaults() {
        return new EvaluationConfig(256, 50, true);
    }

    /** The same, one completion drawn as the cards of the Magistral models recommend: the default for these. */
    public static EvaluationConfig magistral() {
        EvaluationConfig usual = defaults();
        return new EvaluationConfig(usual.problems, usual.everySteps, usual.forced, 1, 0.7, 0.95);
    }

    /** One greedy completion per problem. */
    public EvaluationConfig(int problems, int everySteps, boolean forced) {
        this(problems, everySteps, forced, 1, 0, 1);
    }

    /** Checks ranges. */
    public EvaluationConfig {
        if (problems < 0) throw new IllegalArgumentException("evaluation.problems " + problems + ", allowed >= 0");
        if (everySteps < 1)
            throw new IllegalArgumentException("evaluation.everySteps " + everySteps + ", allowed >= 1");
        if (samples < 1) throw new IllegalArgumentException("evaluation.samples " + samples + ", allowed >= 1");
        if (!(temperature >= 0))
            throw new IllegalArgumentException("evaluation.temperature " + temperature + ", allowed >= 0");
        if (samples > 1 && temperature == 0)
            throw new IllegalArgumentException("evaluation.samples " + samples
                    + " are all the same at evaluation.temperature 0: recommended is 0.7, with evaluation.topP 0.95");
        if (!(topP > 0 && topP <= 1))
            throw new IllegalArgumentException("evaluation.topP " + topP + ", allowed (0, 1]");
    }

    /** The versions that are evaluated while a run goes on. */
    public Interval interval() {
        return new Interval(everySteps);
    }

    /** How a run that trains with {@code training} samples its held-out problems. */
    public RolloutConfig sampling(RolloutConfig training) {
        return new RolloutConfig(
                training.groupSize(),
                training.slots(),
                training.decodeSteps(),
                training.maxPromptTokens(),
                training.maxTokens(),
                temperature,
                topP,
                training.batchInvariant(),
                training.prefillTokens(),
                training.dtype(),
                training.onSwap(),
                training.cacheTokens(),
                training.spill(),
                training.drafts());
    }
}
