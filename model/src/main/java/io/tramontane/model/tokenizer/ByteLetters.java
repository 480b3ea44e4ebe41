package io.tramontane.model.tokenizer;

import java.util.Arrays;

/**
 * The letters that byte-level tokenizers write bytes with, after GPT-2: a byte that is a visible Latin-1 character is that
 * character, the others are U+0100, U+0101 and so on, in order.
 */
final class ByteLetters {
    private static final char[] LETTERS = new char[256];
    private static final int[] VALUES = new int[0x200];

    static {
        Arrays.fill(VALUES, -1);
        char next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean visible = b >= '!' && b <= '~' || b >= 0xA1 && b != 0xAD;
            LETTERS[b] = visible ? (char) b : next++;
            VALUES[LETTERS[b]] = b;
        }
    }

    private ByteLetters() {}

    /** {@code bytes} holds a byte in each character. */
    static String of(String bytes) {
        char[] letters = new char[bytes.length()];
        for (int i = 0; i < letters.length; i++) letters[i] = LETTERS[bytes.charAt(i)];
        return new String(letters);
    }

    /** The byte that a letter stands for, -1 if for none. */
    static int value(char letter) {
        return letter < VALUES.length ? VALUES[letter] : -1;
    }
}
