package io.tramontane.cluster;

import java.io.Serializable;

/**
 * Greedy scoring of held-out problems inside a run.
 *
 * @param problems how many; 0 evaluates nothing, which saves a generator's memory
 * @param everySteps steps between two evaluations; there is always one at step 0 and one at the end
 * @param forced also score the untouched policy with the opening of a detailed thought forced, where the source has one
 */
public record EvaluationConfig(int problems, int everySteps, boolean forced) implements Serializable {
    /** Every 50 steps. */
    public static EvaluationConfig defaults() {
        return new EvaluationConfig(256, 50, true);
    }

    /** Checks ranges. */
    public EvaluationConfig {
        if (problems < 0) throw new IllegalArgumentException("evaluation.problems " + problems + ", allowed >= 0");
        if (everySteps < 1)
            throw new IllegalArgumentException("evaluation.everySteps " + everySteps + ", allowed >= 1");
    }
}
