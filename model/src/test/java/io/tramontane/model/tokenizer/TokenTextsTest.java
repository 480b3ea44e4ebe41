package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenTextsTest {
    /** One token a byte, as the smallest byte-level tokenizer. */
    private static final Tokenizer BYTES = new Tokenizer() {
        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
        }

        @Override
        public String decode(int[] tokens) {
            byte[] bytes = new byte[tokens.length];
            for (int i = 0; i < tokens.length; i++) bytes[i] = (byte) tokens[i];
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public int vocabularySize() {
            return 256;
        }

        @Override
        public int endOfText() {
            return 0;
        }

        @Override
        public void close() {}
    };

    @Test
    void aCharacterBelongsToTheTokenThatEndsIt() {
        assertEquals(List.of("a", "", "", "弹", "b"), TokenTexts.of(BYTES, BYTES.encode("a弹b")));
    }

    @Test
    void theSameTextTwiceInARowIsTwoTexts() {
        assertEquals(List.of("a", "a", "a", "a", "a", "a", "a"), TokenTexts.of(BYTES, BYTES.encode("aaaaaaa")));
    }

    @Test
    void brokenBytesDoNotHoldBackTheRest() {
        int[] broken = new int[30];
        java.util.Arrays.fill(broken, 0xbc - 256);
        broken[29] = 'x';
        List<String> pieces = TokenTexts.of(BYTES, broken);
        assertEquals(30, pieces.size());
        assertEquals(BYTES.decode(broken), String.join("", pieces));
        assertEquals("\uFFFD", pieces.get(8)); // at most three wait for the rest of a character
    }
}
