package io.tramontane.data;

import java.io.Serializable;
import java.util.List;

/**
 * What one training step consumes, exactly as it is recorded in {@code batches/step-000042.arrow}.
 *
 * @param step the step it belongs to; the policy version after the step
 * @param groups in the order they are trained
 */
public record Batch(int step, List<ScoredGroup> groups) implements Serializable {

    /** Copies the list. */
    public Batch {
        groups = List.copyOf(groups);
    }

    /** Number of completions. */
    public int completions() {
        return groups.stream().mapToInt(g -> g.group().completions().size()).sum();
    }

    /** Number of completion tokens that the policy chose, the denominator of the objective. */
    public long chosenTokens() {
        return groups.stream().mapToLong(g -> g.group().chosenTokens()).sum();
    }
}
