package io.tramontane.model.tokenizer;

import java.util.Arrays;

/**
 * The text of a completion, token by token. A token alone may decode to nothing sensible (a part of a Chinese character, a
 * word without its space), so the last few tokens are decoded with it, and what is new is its text: a token costs the same
 * at any length. A character comes out with the token that ends it; bytes that may yet become one wait. All pieces together
 * are what {@link Tokenizer#decode} makes of all tokens.
 */
public final class TextStream {
    private static final int LONGEST = 16;
    private static final int CONTEXT = 8; // tokens; a character has at most four

    /** U+FFFD at the end that may be an unfinished character: it has three bytes at most, and each may show as one. */
    private static final int UNDECIDED = 3;

    private final Tokenizer tokenizer;
    private final int[] window = new int[LONGEST];
    private int size;
    private String last = ""; // the window's text
    private int shown; // characters of the window's text that are out

    /** Of one completion. */
    public TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The text that is certain with this token; may be empty. */
    public String accept(int token) {
        add(token);
        String text = text();
        if (text.equals(last) && size > 1 && isHidden(token)) {
            size--;
            return "";
        }
        last = text;
        return take(text, decided(text));
    }

    /** What waits: bytes that no further token can make a character of, each shown as U+FFFD. */
    public String flush() {
        return take(last, last.length());
    }

    /** A token that the caller has read as a mark: what waits before it, without the token's own text. */
    public String skip(int token) {
        String rest = flush();
        if (size > 0 && isHidden(token)) return rest;
        add(token);
        last = text();
        shown = last.length();
        return rest;
    }

    private void add(int token) {
        if (size == LONGEST) {
            int waiting = last.length() - shown;
            System.arraycopy(window, LONGEST - CONTEXT, window, 0, CONTEXT);
            size = CONTEXT;
            last = text();
            shown = Math.max(0, last.length() - waiting);
        }
        window[size++] = token;
    }

    private String take(String text, int end) {
        if (end <= shown) return "";
        String piece = text.substring(shown, end);
        shown = end;
        return piece;
    }

    private static int decided(String text) {
        int end = text.length();
        while (end > 0 && text.length() - end < UNDECIDED && text.charAt(end - 1) == '\uFFFD') end--;
        return end;
    }

    /** Such a token must not push the text out of the window; twice, as a decoder may take a blank off the start. */
    private boolean isHidden(int token) {
        return tokenizer.decode(new int[] {token, token}).isEmpty();
    }

    private String text() {
        return tokenizer.decode(Arrays.copyOf(window, size));
    }
}
