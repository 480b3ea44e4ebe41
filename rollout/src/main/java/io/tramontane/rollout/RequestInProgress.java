package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.PromptCache;
import java.util.Arrays;

/** A request until its last completion; its prompt is computed once, when slots are free for it. */
final class RequestInProgress {
    final CompletionRequest request;
    private final Completion[] completions;
    private int started;
    private int finished;
    private PromptCache promptCache;

    RequestInProgress(CompletionRequest request) {
        this.request = request;
        this.completions = new Completion[request.samples()];
    }

    int waiting() {
        return completions.length - started;
    }

    /** The prompt without its last token: decoding that one gives the first log-probability. Perhaps not fully computed yet. */
    PromptCache promptCache(DecodingSession session) {
        if (promptCache == null) promptCache = session.prompt(request.beforeTheFirstDecoded());
        return promptCache;
    }

    /** Tokens of the prompt that are still to be computed. */
    int missing() {
        return promptCache != null
                ? promptCache.missing()
                : request.promptTokens().length + request.openingTokens().length - 1;
    }

    /** Whether its completions can start. */
    boolean ready() {
        return promptCache != null && promptCache.missing() == 0;
    }

    /** The next completion that has no slot yet; its prompt's keys and values are put into that slot. */
    CompletionInProgress start(DecodingSession session, int slot, int maxTokens, int version) {
        session.fill(promptCache, slot);
        CompletionInProgress completion = new CompletionInProgress(this, started++, maxTokens, version);
        if (waiting() == 0) close();
        return completion;
    }

    /** Stores a completion; true if it was the last one. */
    boolean finish(int index, Completion completion) {
        completions[index] = completion;
        return ++finished == completions.length;
    }

    CompletedRequest completed() {
        return new CompletedRequest(request, Arrays.asList(completions));
    }

    /** Forgets the prompt's keys and values; where completions are still to start, they are computed again. */
    void close() {
        if (promptCache != null) promptCache.close();
        promptCache = null;
    }
}
