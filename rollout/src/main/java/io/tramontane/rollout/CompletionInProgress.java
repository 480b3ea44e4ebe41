package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** A completion that is being sampled in a slot. */
final class CompletionInProgress {
    final GroupInProgress group;
    final int index;
    private final int[] tokens;
    private final float[] logprobs;
    private final float[] raw;
    private final float[] processed;
    private final int[] versions;
    private int length;

    CompletionInProgress(GroupInProgress group, int index, int maxTokens, int version) {
        this.group = group;
        this.index = index;
        int[] opening = group.request.openingTokens();
        int capacity = Math.max(maxTokens, opening.length);
        this.tokens = Arrays.copyOf(opening, capacity);
        this.logprobs = new float[capacity];
        this.raw = new float[capacity];
        this.processed = new float[capacity];
        this.versions = new int[capacity];
        Arrays.fill(versions, 0, opening.length, version);
        this.length = opening.length;
    }

    /** The newest token: of the completion, or the prompt's last one. */
    long newest() {
        int[] prompt = group.request.promptTokens();
        return length > 0 ? tokens[length - 1] : prompt[prompt.length - 1];
    }

    /** Position of the newest token. */
    long position() {
        return group.request.promptTokens().length + length - 1L;
    }

    int length() {
        return length;
    }

    /** Appends a token; true if the completion has ended. */
    boolean append(int token, float logprob, int version, IntPredicate ends) {
        tokens[length] = token;
        logprobs[length] = logprob;
        versions[length] = version;
        length++;
        return ends.test(token) || length == tokens.length;
    }

    /** The newest token's log-probabilities under the raw distribution and the one that it was sampled from. */
    void note(float newestRaw, float newestProcessed) {
        raw[length - 1] = newestRaw;
        processed[length - 1] = newestProcessed;
    }

    SampledLogprobs sampledLogprobs() {
        return new SampledLogprobs(
                group.request.id(), index, Arrays.copyOf(raw, length), Arrays.copyOf(processed, length));
    }

    Completion finish(Tokenizer tokenizer, IntPredicate ends) {
        boolean finished = length > 0 && ends.test(tokens[length - 1]);
        String text = tokenizer.decode(Arrays.copyOf(tokens, finished ? length - 1 : length));
        return new Completion(
                Arrays.copyOf(tokens, length),
                Arrays.copyOf(logprobs, length),
                Arrays.copyOf(versions, length),
                finished,
                text);
    }
}
