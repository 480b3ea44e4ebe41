package io.tramontane.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text that each token of a sequence adds. A token alone may decode to nothing sensible (a part of a Chinese
 * character, a word without its space), so it is decoded after the few tokens before it; a token that only begins a
 * character adds nothing, and the one that ends it adds the whole.
 */
public final class TokenTexts {
    private static final int CONTEXT = 4;
    private static final int LONGEST_CHARACTER = 8;

    private TokenTexts() {}

    /** One text for each token, in order; together they are the decoded text. */
    public static List<String> of(Tokenizer tokenizer, int[] tokens) {
        List<String> texts = new ArrayList<>();
        int start = 0;
        String shown = "";
        for (int end = 1; end <= tokens.length; end++) {
            String text = tokenizer.decode(Arrays.copyOfRange(tokens, start, end));
            boolean incomplete = text.endsWith("\uFFFD") && end < tokens.length && pending(texts) < LONGEST_CHARACTER;
            if (incomplete) {
                texts.add("");
                continue;
            }
            texts.add(text.substring(common(shown, text)));
            start = Math.max(start, end - CONTEXT);
            shown = tokenizer.decode(Arrays.copyOfRange(tokens, start, end));
        }
        return texts;
    }

    /** Tokens at the end that have added nothing yet. */
    private static int pending(List<String> texts) {
        int count = 0;
        for (int i = texts.size() - 1; i >= 0 && texts.get(i).isEmpty(); i--) count++;
        return count;
    }

    private static int common(String a, String b) {
        int n = Math.min(a.length(), b.length());
        int i = 0;
        while (i < n && a.charAt(i) == b.charAt(i)) i++;
        return i;
    }
}
