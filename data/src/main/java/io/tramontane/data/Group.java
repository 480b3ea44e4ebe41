package io.tramontane.data;

import java.io.Serializable;
import java.util.List;

/**
 * All completions of one problem that are compared with each other (G of them, minus those that were not scored).
 *
 * @param id the ledger's number of this group, unique in a run
 * @param problem what was asked
 * @param promptTokens [P] the prompt as the policy saw it
 * @param completions the sampled answers
 */
public record Group(long id, Problem problem, int[] promptTokens, List<Completion> completions)
        implements Serializable {

    /** Checks that there is a prompt. */
    public Group {
        if (promptTokens.length == 0) throw new IllegalArgumentException("group " + id + ": prompt has no tokens");
        completions = List.copyOf(completions);
    }

    /** Tokens of all completions. */
    public int completionTokens() {
        return completions.stream().mapToInt(Completion::length).sum();
    }

    /** Those of them that the policy chose. */
    public int chosenTokens() {
        return completions.stream().mapToInt(Completion::chosenTokens).sum();
    }
}
