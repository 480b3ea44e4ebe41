package io.tramontane.model.tokenizer;

import io.tramontane.data.MarkedText;
import java.util.Set;

/** Text to token ids and back. Implementations are safe for use by one thread at a time. */
public interface Tokenizer extends AutoCloseable {
    /** Token ids of a trusted text: special tokens in it are recognised, none added. */
    int[] encode(String text);

    /** Token ids of a text of which parts may be foreign: no foreign character becomes part of a special token. */
    default int[] encode(MarkedText text) {
        return encode(text.string());
    }

    /** Text of token ids, without special tokens except think tags; never throws on ids that a policy sampled. */
    String decode(int[] tokens);

    /** Number of ids. */
    int vocabularySize();

    /** The id that ends a completion, as training writes it. */
    int endOfText();

    /** True if a completion ends with this token; a model may know several. */
    default boolean ends(int token) {
        return token == endOfText();
    }

    /**
     * Ids of the tokens that mark thoughts, {@code <think>}, {@code [/THINK]} and the like; empty where the tokenizer has none,
     * so that marks are text. A text that is spelt like such a mark with other tokens is none.
     */
    default Set<Integer> thoughtMarks() {
        return Set.of();
    }

    @Override
    void close();
}
