package io.tramontane.model.tokenizer;

import java.util.Arrays;

/**
 * The text of a sequence that grows token by token. A token alone may decode to nothing sensible (a part of a Chinese
 * character, a word without its space), so it is decoded after the few tokens before it; a token that only begins a
 * character adds nothing, and the one that ends it adds the whole. The cost of a token does not grow with the sequence.
 */
public final class GrowingText {
    private static final int CONTEXT = 4;
    private static final int LONGEST_CHARACTER = 8;

    private final Tokenizer tokenizer;
    private int[] window = {}; // the newest tokens
    private String shown = ""; // what has been told of them
    private int pending;

    /** Of an empty sequence; uses the tokenizer in the caller's thread. */
    public GrowingText(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** What a token adds, perhaps nothing yet. */
    public String add(int token) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        String text = tokenizer.decode(window);
        if (text.endsWith("\uFFFD") && pending < LONGEST_CHARACTER) {
            pending++;
            return "";
        }
        return tell(text);
    }

    /** What is left when no token follows: a character that was begun and not ended. */
    public String finish() {
        return pending == 0 ? "" : tell(tokenizer.decode(window));
    }

    private String tell(String text) {
        String more = text.substring(common(shown, text));
        window = Arrays.copyOfRange(window, Math.max(0, window.length - CONTEXT), window.length);
        shown = tokenizer.decode(window);
        pending = 0;
        return more;
    }

    private static int common(String a, String b) {
        int n = Math.min(a.length(), b.length());
        int i = 0;
        while (i < n && a.charAt(i) == b.charAt(i)) i++;
        return i;
    }
}
