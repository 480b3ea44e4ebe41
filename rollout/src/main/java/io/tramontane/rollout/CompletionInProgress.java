package io.tramontane.rollout;

import io.tramontane.data.Completion;
import io.tramontane.model.tokenizer.TextStream;
import io.tramontane.model.tokenizer.ThoughtMarks;
import io.tramontane.model.tokenizer.Tokenizer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;

/** A completion that is being sampled in a slot. */
final class CompletionInProgress {
    final RequestInProgress of;
    final int index;
    long order; // in which the generator's completions started
    int guess; // tokens that Drafts guesses at once; 0 before the first time
    private final int[] tokens;
    private final float[] logprobs;
    private final float[] raw;
    private final float[] processed;
    private final int[] versions;
    private final int opening;
    private final TokenMask mask;
    private final StringBuilder seen = new StringBuilder(); // the text, where the request has stop strings
    private TextStream stream;
    private int length;
    private FinishReason reason;

    CompletionInProgress(RequestInProgress of, int index, int maxTokens, int version) {
        this.of = of;
        this.index = index;
        CompletionRequest request = of.request;
        this.opening = request.openingTokens().length;
        int capacity = Math.max(maxTokens, opening);
        this.tokens = Arrays.copyOf(request.openingTokens(), capacity);
        this.logprobs = new float[capacity];
        this.raw = new float[capacity];
        this.processed = new float[capacity];
        this.versions = new int[capacity];
        Arrays.fill(versions, 0, opening, version);
        this.length = opening;
        this.mask = request.mask() == null ? null : request.mask().get();
    }

    /** Goes on with what was sampled before: its last token is decoded next. What {@link #note} was told is not known any more. */
    CompletionInProgress(RequestInProgress of, int index, int maxTokens, Completion begun) {
        this(of, index, Math.max(maxTokens, begun.length()), 0);
        this.length = begun.length();
        System.arraycopy(begun.tokens(), 0, tokens, 0, length);
        System.arraycopy(begun.behaviourLogprobs(), 0, logprobs, 0, length);
        System.arraycopy(begun.versions(), 0, versions, 0, length);
        Arrays.fill(raw, 0, length, Float.NaN);
        Arrays.fill(processed, 0, length, Float.NaN);
        if (length >= maxTokens) reason = FinishReason.LENGTH;
    }

    CompletionRequest request() {
        return of.request;
    }

    /** What was sampled so far, without its text. */
    Completion soFar() {
        return new Completion(
                Arrays.copyOf(tokens, length),
                Arrays.copyOf(logprobs, length),
                Arrays.copyOf(versions, length),
                chosen(),
                null,
                false,
                "");
    }

    /** The newest token: of the completion, or the prompt's last one. */
    long newest() {
        int[] prompt = request().promptTokens();
        return length > 0 ? tokens[length - 1] : prompt[prompt.length - 1];
    }

    /** Position of the newest token. */
    long position() {
        return request().promptTokens().length + length - 1L;
    }

    int length() {
        return length;
    }

    /** Tokens that it may still get. */
    int left() {
        return tokens.length - length;
    }

    /** The tokens so far, from 0 to the limit; not a copy. */
    IntBuffer tokens() {
        return IntBuffer.wrap(tokens, 0, length);
    }

    /** Those of the request's other completions. */
    List<IntBuffer> siblings() {
        return of.others(index);
    }

    /** Tokens whose keys and values the slot holds: the prompt and the completion so far without the newest token. */
    int[] cached() {
        int[] prompt = request().promptTokens();
        int[] all = Arrays.copyOf(prompt, (int) position());
        if (length > 0) System.arraycopy(tokens, 0, all, prompt.length, length - 1);
        return all;
    }

    /** Ids that may come next; null for all. A mask that allows nothing is an error. */
    BitSet allowed() {
        BitSet allowed = mask == null ? null : mask.allowed();
        if (allowed != null && allowed.isEmpty()) throw new IllegalStateException("the mask allows no token");
        return allowed;
    }

    /** Appends a token; true if the completion has ended. */
    boolean append(SampledToken token, float logprob, int version, IntPredicate ends, Tokenizer tokenizer) {
        tokens[length] = token.id();
        logprobs[length] = logprob;
        versions[length] = version;
        length++;
        if (mask != null) mask.accept(token.id());
        if (request().listener() != null) request().listener().token(index, token);
        if (ends.test(token.id()) || request().stopTokens().contains(token.id()) || atStopString(tokenizer))
            reason = FinishReason.STOP;
        else if (length == tokens.length) reason = FinishReason.LENGTH;
        return reason != null;
    }

    /** Whether the newest token has completed one of the request's stop strings. */
    private boolean atStopString(Tokenizer tokenizer) {
        if (request().stopStrings().isEmpty()) return false;
        if (stream == null) stream = new TextStream(tokenizer);
        int before = seen.length();
        seen.append(stream.accept(tokens[length - 1]));
        for (String stop : request().stopStrings())
            if (seen.indexOf(stop, Math.max(0, before - stop.length() + 1)) >= 0) return true;
        return false;
    }

    /** The newest token's log-probabilities under the raw distribution and the one that it was sampled from. */
    void note(float newestRaw, float newestProcessed) {
        raw[length - 1] = newestRaw;
        processed[length - 1] = newestProcessed;
    }

    SampledLogprobs sampledLogprobs() {
        return new SampledLogprobs(request().id(), index, Arrays.copyOf(raw, length), Arrays.copyOf(processed, length));
    }

    FinishReason reason() {
        return reason;
    }

    /** The result; its text ends before the first stop string. */
    Completion finish(Tokenizer tokenizer, IntPredicate ends) {
        boolean finished = length > 0 && ends.test(tokens[length - 1]);
        boolean cut = !finished && length > 0 && request().stopTokens().contains(tokens[length - 1]);
        int[] written = Arrays.copyOf(tokens, finished || cut ? length - 1 : length);
        String whole = tokenizer.decode(written);
        int end = whole.length();
        for (String stop : request().stopStrings()) {
            int at = whole.indexOf(stop);
            if (at >= 0) end = Math.min(end, at);
        }
        String text = whole.substring(0, end);
        return new Completion(
                Arrays.copyOf(tokens, length),
                Arrays.copyOf(logprobs, length),
                Arrays.copyOf(versions, length),
                chosen(),
                ThoughtMarks.places(tokenizer, written, text),
                reason == FinishReason.STOP,
                text);
    }

    private boolean[] chosen() {
        if (opening == 0) return null;
        boolean[] chosen = new boolean[length];
        Arrays.fill(chosen, opening, length, true);
        return chosen;
    }
}
