package io.tramontane.app.serve;

import io.tramontane.model.SamplingParameters;
import io.tramontane.rollout.CompletionRequest;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What chats and completions both say about sampling.
 *
 * @param samples n, choices of each prompt
 * @param greedy the most likely token is taken: temperature 0
 * @param seed of the random numbers, if the client gives one
 * @param stop strings that end a completion and are not part of it
 * @param stopTokens token ids that end it
 * @param maxTokens longest completion; 0 is what fits into the context
 * @param maxTokensField the field that said so, for messages
 * @param topLogprobs alternatives whose log-probabilities are wanted; -1 if no log-probabilities are
 * @param stream as server-sent events
 * @param usage a last chunk with the numbers of tokens
 */
record Settings(
        int samples,
        boolean greedy,
        SamplingParameters sampling,
        OptionalLong seed,
        List<String> stop,
        Set<Integer> stopTokens,
        int maxTokens,
        String maxTokensField,
        int topLogprobs,
        boolean stream,
        boolean usage) {
    boolean logprobs() {
        return topLogprobs >= 0;
    }

    /** Begins the generator's request for the completions of a prompt. */
    CompletionRequest.Builder request(long id, int[] prompt, int longest) {
        CompletionRequest.Builder request = CompletionRequest.of(id, prompt)
                .samples(samples)
                .greedy(greedy)
                .sampling(sampling)
                .stopStrings(stop)
                .stopTokens(stopTokens)
                .maxTokens(longest);
        if (logprobs()) request.logprobs(topLogprobs);
        if (seed.isPresent()) request.seed(seed.getAsLong());
        return request;
    }

    /**
     * Tokens that a completion may have behind a prompt; what does not fit is refused.
     *
     * @param promptField the field with the prompt
     * @param context longest prompt and completion together
     */
    int room(String promptField, int promptTokens, int context) {
        int room = context - promptTokens;
        if (promptTokens == 0) throw ApiError.field(promptField, promptField + " makes a prompt without tokens");
        if (room < 1)
            throw ApiError.context(
                    promptField,
                    "the prompt has " + promptTokens + " tokens, the context " + context + ": no room for an answer");
        if (maxTokens > room)
            throw ApiError.context(
                    maxTokensField,
                    maxTokensField + " " + maxTokens + ", allowed 1 to " + room + ": the context has " + context
                            + " tokens, the prompt " + promptTokens);
        return maxTokens == 0 ? room : maxTokens;
    }
}
