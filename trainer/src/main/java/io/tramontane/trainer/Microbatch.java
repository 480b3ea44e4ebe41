package io.tramontane.trainer;

import io.tramontane.model.PackedSequences;
import java.util.List;

/**
 * What one forward and backward pass computes. Aligned: the completions of all prompt groups, in order, with behaviour
 * log-probabilities and one advantage each.
 *
 * @param promptGroups prompts with some of their completions
 * @param behaviourLogprobs per completion [T]
 * @param advantages per completion, normalised over the whole minibatch
 */
record Microbatch(
        List<PackedSequences.PromptGroup> promptGroups, List<float[]> behaviourLogprobs, List<Double> advantages) {

    /** [M] the generator's log-probabilities, token by token. */
    float[] behaviour() {
        float[] all = new float[completionTokens()];
        int at = 0;
        for (float[] logprobs : behaviourLogprobs) {
            System.arraycopy(logprobs, 0, all, at, logprobs.length);
            at += logprobs.length;
        }
        return all;
    }

    /** [M] the advantage of each token's completion. */
    float[] advantagePerToken() {
        float[] all = new float[completionTokens()];
        int at = 0;
        for (int i = 0; i < advantages.size(); i++)
            for (int t = 0; t < behaviourLogprobs.get(i).length; t++)
                all[at++] = advantages.get(i).floatValue();
        return all;
    }

    /** [completions + 1] where each completion begins among all tokens. */
    int[] starts() {
        int[] starts = new int[behaviourLogprobs.size() + 1];
        for (int i = 0; i < behaviourLogprobs.size(); i++) starts[i + 1] = starts[i] + behaviourLogprobs.get(i).length;
        return starts;
    }

    private int completionTokens() {
        return behaviourLogprobs.stream().mapToInt(l -> l.length).sum();
    }
}
