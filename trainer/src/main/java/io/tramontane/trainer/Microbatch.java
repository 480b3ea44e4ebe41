package io.tramontane.trainer;

import io.tramontane.data.Completion;
import io.tramontane.model.PackedSequences;
import java.util.List;

/**
 * What one forward and backward pass computes. Aligned: the completions of all prompt groups, in order, with one advantage
 * each. M tokens of completions.
 *
 * @param promptGroups prompts with some of their completions
 * @param completions the same completions as they were sampled
 * @param advantages per completion, normalised over the whole minibatch
 */
record Microbatch(
        List<PackedSequences.PromptGroup> promptGroups, List<Completion> completions, List<Double> advantages) {

    /** [M] the generator's log-probabilities, token by token. */
    float[] behaviour() {
        float[] all = new float[tokens()];
        int at = 0;
        for (Completion completion : completions) {
            System.arraycopy(completion.behaviourLogprobs(), 0, all, at, completion.length());
            at += completion.length();
        }
        return all;
    }

    /** [M] the advantage of each token's completion. */
    float[] advantagePerToken() {
        float[] all = new float[tokens()];
        int at = 0;
        for (int i = 0; i < advantages.size(); i++)
            for (int t = 0; t < completions.get(i).length(); t++)
                all[at++] = advantages.get(i).floatValue();
        return all;
    }

    /** [completions + 1] where each completion begins among all tokens. */
    int[] starts() {
        int[] starts = new int[completions.size() + 1];
        for (int i = 0; i < completions.size(); i++)
            starts[i + 1] = starts[i] + completions.get(i).length();
        return starts;
    }

    private int tokens() {
        return completions.stream().mapToInt(Completion::length).sum();
    }
}
