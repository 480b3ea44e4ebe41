package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.model.tokenizer.TextStream;
import io.tramontane.rollout.SampledToken;

/** One choice of a completion while it is sampled: text, and log-probabilities in the form of completions. */
final class TextChoice {
    private final TextStream decoder;
    private final Settings settings;
    private final StopText stops;
    private final TokenLogprobs logprobs;
    private final StringBuilder untold = new StringBuilder();
    private ObjectNode numbers;
    private int written;

    /**
     * Begins it.
     *
     * @param logprobs makes JSON of log-probabilities; null if none are wanted
     */
    TextChoice(TextStream decoder, Settings settings, TokenLogprobs logprobs) {
        this.decoder = decoder;
        this.settings = settings;
        this.stops = new StopText(settings.stop());
        this.logprobs = logprobs;
    }

    void token(SampledToken token) {
        String text = settings.stopTokens().contains(token.id()) ? "" : decoder.accept(token.id());
        if (logprobs != null) note(token);
        written += text.length();
        untold.append(stops.add(text));
    }

    private void note(SampledToken token) {
        if (numbers == null) numbers = JsonNodeFactory.instance.objectNode();
        numbers.withArray("tokens").add(logprobs.text().apply(token.id()));
        numbers.withArray("token_logprobs").add(TokenLogprobs.finite(token.logprob()));
        ArrayNode top = numbers.withArray("top_logprobs");
        if (token.top().isEmpty()) top.addNull();
        else top.add(logprobs.alternatives(token));
        numbers.withArray("text_offset").add(written);
    }

    /** The end: what was held back comes out. */
    void finish() {
        untold.append(stops.add(decoder.flush())).append(stops.end());
    }

    /** Whether there is something new. */
    boolean hasNews() {
        return !untold.isEmpty();
    }

    /** What is new since the last time, as a choice without its end's reason. */
    ObjectNode take(int index) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("index", index).put("text", untold.toString());
        node.set("logprobs", numbers);
        untold.setLength(0);
        numbers = null;
        return node;
    }
}
