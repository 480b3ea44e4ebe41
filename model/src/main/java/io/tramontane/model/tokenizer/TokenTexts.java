package io.tramontane.model.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** The text that each token of a sequence adds, by {@link GrowingText}. */
public final class TokenTexts {
    private TokenTexts() {}

    /** One text for each token, in order; together they are the decoded text. */
    public static List<String> of(Tokenizer tokenizer, int[] tokens) {
        GrowingText text = new GrowingText(tokenizer);
        List<String> texts = new ArrayList<>();
        for (int token : tokens) texts.add(text.add(token));
        if (!texts.isEmpty()) texts.add(texts.remove(texts.size() - 1) + text.finish());
        return texts;
    }
}
