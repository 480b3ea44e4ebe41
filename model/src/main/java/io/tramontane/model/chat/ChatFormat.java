package io.tramontane.model.chat;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.Tokenizer;

/** How a model's conversations become tokens. */
public interface ChatFormat {
    /** Tokens of a conversation, up to where the model's answer begins if that is asked for. */
    int[] encode(Conversation conversation, boolean answerNext, Tokenizer tokenizer);

    /** The marks of thoughts. */
    ThinkTags tags();

    /** What of the thoughts' beginning the prompt itself writes; usually empty. */
    String opening();
}
