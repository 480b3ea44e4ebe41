package io.tramontane.model.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** The text that each token of a sequence adds, by {@link TextStream}. */
public final class TokenTexts {
    private TokenTexts() {}

    /** One text for each token, in order; together they are the decoded text. */
    public static List<String> of(Tokenizer tokenizer, int[] tokens) {
        TextStream text = new TextStream(tokenizer);
        List<String> texts = new ArrayList<>();
        for (int token : tokens) texts.add(text.accept(token));
        if (!texts.isEmpty()) texts.add(texts.remove(texts.size() - 1) + text.flush());
        return texts;
    }
}
