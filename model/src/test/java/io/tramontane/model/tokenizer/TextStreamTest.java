package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {
    private static final Tokenizer BYTES = new Pieces();

    @Test
    void aCharacterComesWithTheByteThatEndsIt() {
        assertEquals(List.of("a", "", "é", "", "", "弹", "", "", "", "😀", "b", ""), pieces("aé弹😀b"));
    }

    @Test
    void bytesThatNeverBecomeACharacterWaitForWhatFollows() {
        assertEquals(List.of("a", "", "", "\uFFFDb", ""), pieces(BYTES, 'a', 0xe5, 0xbc, 'b'));
        assertEquals(List.of("a", "", "", "\uFFFD"), pieces(BYTES, 'a', 0xe5, 0xbc));
    }

    @Test
    void aTokenThatEndsWithinACharacterShowsWhatIsBeforeIt() {
        Tokenizer whole = new Tokenizers.Cut(new byte[] {'a', 'b', (byte) 0xc3}, new byte[] {(byte) 0xa9, 'c'});
        assertEquals(List.of("ab", "éc", ""), pieces(whole, 0, 1));
    }

    @Test
    void allPiecesAreTheDecodedTextWhateverTheBytes() {
        Random random = new Random(1);
        byte[] alphabet = {
            'a',
            ' ',
            (byte) 0xc3,
            (byte) 0xa9,
            (byte) 0xe5,
            (byte) 0xbc,
            (byte) 0xb9,
            (byte) 0xf0,
            (byte) 0x9f,
            (byte) 0x98,
            (byte) 0x80,
            (byte) 0xed,
            (byte) 0xff
        };
        for (int round = 0; round < 2_000; round++) {
            int[] tokens = random.ints(60, 0, alphabet.length)
                    .map(i -> alphabet[i] & 0xff)
                    .toArray();
            assertEquals(BYTES.decode(tokens), String.join("", pieces(BYTES, tokens)), Arrays.toString(tokens));
        }
    }

    @Test
    void sentencePiecesBlanksStayWhereTheyAre() {
        Tokenizer pieces = new Tokenizers.Blank("▁a", "▁", "b", "");
        int[] tokens = {
            3, 0, 0, 1, 1, 2, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0
        };
        assertEquals(pieces.decode(tokens), String.join("", pieces(pieces, tokens)));
        assertTrue(pieces.decode(tokens).startsWith("a a  b a ab a"));
    }

    @Test
    void theTinyTokenizersBytesAreWholeCharacters() {
        try (HuggingFaceTokenizer tiny = HuggingFaceTokenizer.tiny()) {
            int[] tokens = tiny.encode("x é弹😀 y");
            List<String> pieces = pieces(tiny, tokens);
            assertEquals("x é弹😀 y", String.join("", pieces));
            assertTrue(pieces.contains("弹") && pieces.contains("😀"), pieces::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama2", "llama3", "mistral-spm", "qwen", "tekken", "strips"})
    void anyTokensOfRealTokenizersGiveTheDecodedText(String name) throws IOException {
        byte[] json = Files.readAllBytes(Path.of("src/test/resources/control-strings/" + name + ".tokenizer.json"));
        String end =
                new ObjectMapper().readTree(json).at("/added_tokens/1/content").textValue();
        byte[] config = new ObjectMapper().writeValueAsBytes(Map.of("eos_token", end));
        Random random = new Random(2);
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(
                new TokenizerFiles(name, Map.of("tokenizer.json", json, "tokenizer_config.json", config)))) {
            for (int round = 0; round < 400; round++) {
                int[] tokens = random.ints(50, 0, tokenizer.vocabularySize()).toArray();
                assertEquals(
                        tokenizer.decode(tokens), String.join("", pieces(tokenizer, tokens)), Arrays.toString(tokens));
            }
        }
    }

    private static List<String> pieces(String text) {
        return pieces(BYTES, BYTES.encode(text));
    }

    private static List<String> pieces(Tokenizer tokenizer, int... tokens) {
        TextStream stream = new TextStream(tokenizer);
        List<String> pieces = new ArrayList<>();
        for (int token : tokens) pieces.add(stream.accept(token));
        pieces.add(stream.flush());
        return pieces;
    }

    /** Small decoders. */
    private static final class Tokenizers {
        /** Bytes by id. */
        private record Cut(byte[]... pieces) implements Tokenizer {
            @Override
            public String decode(int[] tokens) {
                java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
                for (int token : tokens) bytes.writeBytes(pieces[token]);
                return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
            }

            @Override
            public int[] encode(String text) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int vocabularySize() {
                return pieces.length;
            }

            @Override
            public int endOfText() {
                return -1;
            }

            @Override
            public void close() {}
        }

        /** SentencePiece's: ▁ is a blank, the first one is dropped; an empty piece is a control token. */
        private record Blank(String... pieces) implements Tokenizer {
            @Override
            public String decode(int[] tokens) {
                StringBuilder text = new StringBuilder();
                for (int token : tokens) text.append(pieces[token]);
                String blanks = text.toString().replace('▁', ' ');
                return blanks.startsWith(" ") ? blanks.substring(1) : blanks;
            }

            @Override
            public int[] encode(String text) {
                throw new UnsupportedOperationException();
            }

            @Override
            public int vocabularySize() {
                return pieces.length;
            }

            @Override
            public int endOfText() {
                return -1;
            }

            @Override
            public void close() {}
        }
    }
}
