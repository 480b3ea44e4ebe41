package io.tramontane.app.serve;

import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.Conversation;
import io.tramontane.model.tokenizer.TextStream;
import io.tramontane.model.tokenizer.Tokenizer;

/**
 * What the server knows about the model beside its weights. A tokenizer is for one thread at a time: the threads that read
 * requests take turns with one, the teller has its own.
 *
 * @param name as clients call it
 * @param format of chats
 * @param forms of answers to chats
 * @param absent sampling parameters of requests that name none
 * @param encoder of the readers
 * @param decoder of the teller
 */
record ServedModel(
        String name,
        ChatFormat format,
        ResponseForms forms,
        SamplingParameters absent,
        Tokenizer encoder,
        Tokenizer decoder) {
    /** Tokens of a text in which control strings are text. */
    int[] encode(String text) {
        return encode(MarkedText.foreign(text));
    }

    /** Tokens of a text. */
    int[] encode(MarkedText text) {
        synchronized (encoder) {
            return encoder.encode(text);
        }
    }

    /** A conversation, up to where the model's answer begins. */
    MarkedText render(Conversation conversation) {
        try {
            return format.render(conversation, true);
        } catch (BadInputException e) {
            throw ApiError.field("messages", e.getMessage());
        }
    }

    /** Refuses a request for another model; without a name it is this one. */
    void check(Fields fields) {
        String asked = fields.text("model", name);
        if (!asked.equals(name)) throw ApiError.model(asked, name);
    }

    /** Text of a completion, token by token; for the teller. */
    TextStream textStream() {
        return new TextStream(decoder);
    }

    /** Log-probabilities as JSON; for the teller. */
    TokenLogprobs logprobs() {
        return new TokenLogprobs(id -> decoder.decode(new int[] {id}));
    }
}
