package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged or hostile tokenizer is one clear error or works; native code never takes the JVM down. */
class HostileTokenizerTest {
    private static final TokenizerFiles BASE =
            TokenizerFiles.of(Path.of("src/test/resources/gguf-tokenizers/smollm.gguf"));

    private static TokenizerFiles with(String name, byte[] bytes) {
        Map<String, byte[]> files = new HashMap<>(BASE.files());
        files.put(name, bytes);
        return new TokenizerFiles("here", files);
    }

    private static TokenizerFiles replaced(String from, String to) {
        String json = new String(BASE.files().get("tokenizer.json"), StandardCharsets.UTF_8);
        assertTrue(json.contains(from), from);
        return with("tokenizer.json", json.replace(from, to).getBytes(StandardCharsets.UTF_8));
    }

    private static String error(TokenizerFiles files) {
        String message = assertThrows(BadInputException.class, () -> new HuggingFaceTokenizer(files).close())
                .getMessage();
        assertFalse(message.contains("\n"), message);
        return message;
    }

    @Test
    void truncatedAndFlippedFilesNeverEndTheProgram() {
        Random random = new Random(7);
        int opened = 0;
        for (int i = 0; i < 150; i++) {
            byte[] bytes = BASE.files().get("tokenizer.json").clone();
            if (i % 3 == 0) bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            else
                for (int k = 0; k <= i % 4; k++) bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(with("tokenizer.json", bytes))) {
                tokenizer.decode(tokenizer.encode("Hello 12345 é 😀"));
                opened++;
            } catch (BadInputException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
            }
        }
        assertTrue(opened < 120, opened + " of 150 opened");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "\"Digits\"!\"Precompiled\"!here: pre_tokenizer type \"Precompiled\" is not supported",
                "\"BPE\"!\"WordPiece\"!here: model type \"WordPiece\" is not supported, allowed BPE, Unigram",
                "\"ignore_merges\":!\"continuing_subword_prefix\":\"##\",\"ignore_merges\":!here: model continuing_subword_prefix \"##\" is not supported",
                "\"ignore_merges\":!\"dropout\":0.5,\"ignore_merges\":!here: model dropout 0.5, allowed 0",
                "\"merges\":[!\"merges\":[[\"a\",\"\u00e9\u00e9\"],!is not of two tokens that make a third",
                "\"id\":0,!\"id\":4000000000,!here: token id 4000000000, allowed 0 to 3999999",
            })
    void whatNativeCodeWouldPanicOnIsNamed(String from, String to, String message) {
        String error = error(replaced(from, to));
        assertTrue(error.contains(message), error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+b", "(a|aa)*c", "((x*)y*)*", "(\\\\s+)+$", "(a)\\\\1", "a{99999}"})
    void patternsThatMayTakeForEverAreRefused(String regex) {
        String split = "{\"type\":\"Split\",\"behavior\":\"Isolated\",\"invert\":false,\"pattern\":{\"Regex\":\""
                + regex + "\"}},";
        String error = error(replaced("\"pretokenizers\":[", "\"pretokenizers\":[" + split));
        assertTrue(error.contains("may take for ever"), error);
    }

    @Test
    void replacementsThatMultiplyTextAreRefused() {
        String one = "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"          \"},";
        String sequence = "\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[" + one + one
                + "{\"type\":\"NFC\"}]},\"pre_tokenizer\"";
        assertEquals(
                "here: normalizer may make text 100 times as long, allowed 64",
                error(replaced("\"pre_tokenizer\"", sequence)));
    }

    @Test
    void generationConfigNamesFurtherEnds() throws IOException {
        byte[] generation = "{\"eos_token_id\":[2,0]}".getBytes(StandardCharsets.UTF_8);
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(with("generation_config.json", generation))) {
            assertEquals(2, tokenizer.endOfText());
            assertTrue(tokenizer.ends(2) && tokenizer.ends(0) && !tokenizer.ends(1));
        }
        byte[] wrong = "{\"eos_token_id\":99999}".getBytes(StandardCharsets.UTF_8);
        assertTrue(error(with("generation_config.json", wrong)).startsWith("here: eos_token_id 99999"));
    }

    @Test
    void specialMarksOfThoughtsStayVisibleAndOtherSpecialTokensVanish() {
        TokenizerFiles files = replaced("\"<|im_start|>\"", "\"[THINK]\"");
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files)) {
            int[] tokens = tokenizer.encode("[THINK]7<|im_end|>");
            assertEquals(3, tokens.length);
            assertEquals("[THINK]7", tokenizer.decode(tokens));
        }
    }
}
