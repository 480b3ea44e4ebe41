package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.model.DecodingSession;
import io.tramontane.model.PromptCache;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A request until its last completion; its prompt is computed once, when slots are free for it. */
final class RequestInProgress {
    private static final Completion NOT_STARTED =
            new Completion(new int[0], new float[0], new int[0], null, null, false, "");

    final CompletionRequest request;
    private final CompletionInProgress[] started;
    private final Completion[] finished;
    private PromptCache promptCache;

    RequestInProgress(CompletionRequest request) {
        this.request = request;
        this.started = new CompletionInProgress[request.samples()];
        this.finished = new Completion[request.samples()];
    }

    /** Completions that have not started. */
    int waiting() {
        return (int) IntStream.range(0, started.length).filter(this::waits).count();
    }

    private boolean waits(int index) {
        return started[index] == null && finished[index] == null;
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
        int index = IntStream.range(0, started.length)
                .filter(this::waits)
                .findFirst()
                .orElseThrow();
        started[index] = new CompletionInProgress(this, index, maxTokens, version);
        if (waiting() == 0) close();
        return started[index];
    }

    /** A completion goes on with what was sampled of it before. */
    CompletionInProgress goOn(int index, Completion begun, int maxTokens) {
        started[index] = new CompletionInProgress(this, index, maxTokens, begun);
        return started[index];
    }

    /** Stores a completion; true if it was the last one. */
    boolean finish(int index, Completion completion) {
        finished[index] = completion;
        started[index] = null;
        return complete();
    }

    /** Whether all completions are finished. */
    boolean complete() {
        return Arrays.stream(finished).noneMatch(each -> each == null);
    }

    CompletedRequest completed() {
        return new CompletedRequest(request, Arrays.asList(finished));
    }

    /** What there is of its completions, in their order; those that have not started have no tokens. */
    CompletedRequest soFar() {
        List<Completion> all = new ArrayList<>();
        for (int i = 0; i < finished.length; i++)
            all.add(finished[i] != null ? finished[i] : started[i] != null ? started[i].soFar() : NOT_STARTED);
        return new CompletedRequest(request, all);
    }

    /** Tokens that the completions beside one have so far, those that have any. */
    List<IntBuffer> others(int index) {
        List<IntBuffer> others = new ArrayList<>();
        for (int i = 0; i < finished.length; i++)
            if (i != index && finished[i] != null) others.add(IntBuffer.wrap(finished[i].tokens()));
            else if (i != index && started[i] != null) others.add(started[i].tokens());
        return others;
    }

    /** Forgets the prompt's keys and values; where completions are still to start, they are computed again. */
    void close() {
        if (promptCache != null) promptCache.close();
        promptCache = null;
    }
}
