package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.rollout.SampledToken;
import io.tramontane.rollout.SampledToken.TopLogprob;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Log-probabilities in OpenAI's two forms. They are those of the raw distribution, at temperature 1 with nothing cut.
 *
 * @param text of a token by itself
 */
record TokenLogprobs(IntFunction<String> text) {
    /** An element of {@code logprobs.content} of a chat. */
    ObjectNode chat(SampledToken token) {
        ObjectNode node = entry(token.id(), token.logprob());
        ArrayNode top = node.putArray("top_logprobs");
        for (TopLogprob other : token.top()) top.add(entry(other.id(), other.logprob()));
        return node;
    }

    private ObjectNode entry(int id, float logprob) {
        String written = text.apply(id);
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("token", written).put("logprob", finite(logprob));
        ArrayNode bytes = node.putArray("bytes");
        for (byte one : written.getBytes(StandardCharsets.UTF_8)) bytes.add(one & 0xff);
        return node;
    }

    /** JSON has no infinity: OpenAI writes -9999 for a token that is out of reach. */
    static double finite(float logprob) {
        return Float.isFinite(logprob) ? logprob : -9999;
    }

    /** The alternatives of a completion's token: an object from text to log-probability. */
    ObjectNode alternatives(SampledToken token) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (TopLogprob other : token.top()) node.put(text.apply(other.id()), finite(other.logprob()));
        return node;
    }
}
