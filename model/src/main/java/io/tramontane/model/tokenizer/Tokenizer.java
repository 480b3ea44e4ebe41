package io.tramontane.model.tokenizer;

import io.tramontane.data.MarkedText;

/** Text to token ids and back. Implementations are safe for use by one thread at a time. */
public interface Tokenizer extends AutoCloseable {
    /** Token ids of a text that nobody else wrote: special tokens in it are recognised, none added. */
    int[] encode(String text);

    /** Token ids of a text: as of all of it, but that no foreign character is part of a special token, where there are any. */
    default int[] encode(MarkedText text) {
        return encode(text.string());
    }

    /** Text of token ids, special tokens left out but for the marks of thoughts; never throws on ids that a policy sampled. */
    String decode(int[] tokens);

    /** Number of ids. */
    int vocabularySize();

    /** The id that ends a completion, as training writes it. */
    int endOfText();

    /** True if a completion ends with this token; a model may know several. */
    default boolean ends(int token) {
        return token == endOfText();
    }

    @Override
    void close();
}
