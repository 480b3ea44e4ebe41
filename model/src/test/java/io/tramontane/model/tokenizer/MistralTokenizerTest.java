package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokenizers in Mistral's own form: ids and texts are mistral-common's. The fixtures are real files of that package (Apache
 * License 2.0), cut by tools/tekken_fixture.py to 2,590 ranks and 2,200 pieces with all those of one character.
 */
class MistralTokenizerTest {
    private static final Path FIXTURES = Path.of("src/test/resources/mistral-tokenizers");
    private static final Path TEKKEN = FIXTURES.resolve("tekken");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tekken", "spm"})
    void idsAndTextsAreThoseOfMistralCommon(String kind) throws IOException {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(FIXTURES.resolve(kind))) {
            MistralCases cases = MistralCases.of(FIXTURES.resolve(kind), tokenizer);
            assertEquals(List.of(), cases.differences);
            assertTrue(cases.encoded > 300 && cases.decoded > 500, cases.encoded + " and " + cases.decoded);
        }
    }

    @Test
    void specialTokensComeFirstAndGenerationEndsAtTheirEnd() {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(TEKKEN)) {
            assertEquals(2630, tokenizer.vocabularySize());
            assertEquals(2, tokenizer.endOfText());
            assertArrayEquals(new int[] {1, 3, 40 + 'x', 4, 34}, tokenizer.encode("<s>[INST]x[/INST][THINK]"));
            assertArrayEquals(new int[] {36}, tokenizer.encode("<SPECIAL_36>")); // one that the file does not name
            assertEquals("[THINK]x", tokenizer.decode(new int[] {1, 34, 40 + 'x', 2}));
        }
    }

    @Test
    void aTokenThatOnlyBeginsACharacterIsWaitedFor() {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(TEKKEN)) {
            int[] bytes = {40 + 'a', 40 + 0xF0, 40 + 0x9F, 40 + 0x98, 40 + 0x80, 40 + 0xC3};
            assertEquals(List.of("a", "", "", "", "\uD83D\uDE00", "\uFFFD"), TokenTexts.of(tokenizer, bytes));
        }
    }

    /** Hugging Face's decoder alone makes six replacement characters of the second sequence. */
    @Test
    void bytesThatAreACharacterStayOneBesideThoseThatAreNot() {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(FIXTURES.resolve("spm"))) {
            int zero = 771; // <0x00>
            int[] kana = {zero + 0xE3, zero + 0x81, zero + 0x82};
            assertEquals("\u3042", tokenizer.decode(kana));
            int[] more = {kana[0], kana[1], kana[2], zero + 0xE3, zero + 0x81, zero + 0xED, zero + 0xA0, zero + 0x80};
            assertEquals("\u3042\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", tokenizer.decode(more)); // the last three: a surrogate
        }
    }

    @Test
    void filesThatAreNeededTravelWithTheTokenizer() throws IOException {
        Files.copy(TEKKEN.resolve("tekken.json"), folder.resolve("tekken.json"));
        Files.writeString(folder.resolve("SYSTEM_PROMPT.txt"), "Think first.");
        Files.writeString(folder.resolve("params.json"), "{}");
        Files.writeString(
                folder.resolve("tokenizer_config.json"), "{\"chat_template\":\"x\",\"tokenizer_class\":\"Y\"}");
        TokenizerFiles files = TokenizerFiles.of(folder);
        assertEquals(
                Set.of("tokenizer.json", "tokenizer_config.json", "tekken.json", "SYSTEM_PROMPT.txt"),
                files.files().keySet());
        String config = new String(files.files().get("tokenizer_config.json"), StandardCharsets.UTF_8);
        assertEquals(
                "{\"chat_template\":\"x\",\"tokenizer_class\":\"PreTrainedTokenizerFast\",\"bos_token\":\"<s>\","
                        + "\"eos_token\":\"</s>\",\"unk_token\":\"<unk>\",\"pad_token\":\"<pad>\",\"clean_up_tokenization_spaces\":false}",
                config);
        // Written and read again, tokenizer.json counts; the rest is as it was.
        files.write(folder.resolve("again"));
        TokenizerFiles again = TokenizerFiles.of(folder.resolve("again"));
        assertEquals(files.files().keySet(), again.files().keySet());
        files.files()
                .forEach((name, bytes) -> assertArrayEquals(bytes, again.files().get(name), name));
    }

    @Test
    void theNewestSentencePieceModelCounts() throws IOException {
        assertEquals(
                "tokenizer.model.v11",
                MistralTokenizer.choose(
                                List.of("tokenizer.model", "tokenizer.model.v3", "tokenizer.model.v11", "x.json"))
                        .orElseThrow());
        assertEquals(
                "tokenizer.model.v7m1",
                MistralTokenizer.choose(List.of("tokenizer.model.v7", "tokenizer.model.v7m1"))
                        .orElseThrow());
        assertEquals(
                "tekken.json",
                MistralTokenizer.choose(List.of("tokenizer.model.v7", "tekken.json"))
                        .orElseThrow());
        assertTrue(MistralTokenizer.choose(List.of("tokenizer.model.vx", "tekken_240911.json"))
                .isEmpty());
        assertFalse(TokenizerFiles.areIn(folder));
        Files.copy(FIXTURES.resolve("spm/tokenizer.model.v7"), folder.resolve("tokenizer.model.v7"));
        Files.writeString(folder.resolve("tokenizer.model"), "older, and never read");
        assertTrue(TokenizerFiles.areIn(folder));
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(folder)) {
            assertEquals(2, tokenizer.endOfText());
        }
    }

    @Test
    void anOldFileHasTheSpecialTokensOfItsTime() throws IOException {
        String json = Files.readString(TEKKEN.resolve("tekken.json"));
        String old = json.substring(0, json.indexOf(", \"special_tokens\"")) + "}";
        Files.writeString(folder.resolve("tekken.json"), old.replace("\"v13\"", "\"v3\""));
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(folder)) {
            assertArrayEquals(new int[] {17, 20}, tokenizer.encode("[SYSTEM_PROMPT]<SPECIAL_20>"));
        }
        Files.writeString(folder.resolve("tekken.json"), old);
        assertEquals(
                folder + "/tekken.json: special_tokens is missing; only versions up to v7 do without",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "\"version\": \"v13\"!\"version\": \"v14\"!config.version \"v14\", allowed v1, v2, v3, v7, v11, v13, v15",
                "\"default_vocab_size\": 2630!\"default_vocab_size\": 3000!config.default_vocab_size 3000 with 40 special tokens and 2600 in vocab, allowed 296 to 2640",
                "\"default_vocab_size\": 2630!\"default_vocab_size\": 9999999999!config.default_vocab_size is not an integer of 32 bits",
                "\"default_vocab_size\": 2630!\"x\": 2630!config.default_vocab_size is missing",
                "\"default_num_special_tokens\": 40!\"default_num_special_tokens\": 30!36 special tokens, config.default_num_special_tokens allows 30",
                "\"default_num_special_tokens\": 40!\"default_num_special_tokens\": -1!config.default_num_special_tokens -1, allowed 1 to 100000",
                "\"rank\": 700!\"rank\": 699!vocab[700].rank 699, allowed 700",
                "\"token_bytes\": \"YQ==\"!\"token_bytes\": \"Y*==\"!vocab[97].token_bytes is not base64",
                "\"token_bytes\": \"YQ==\"!\"token_bytes\": \"\"!vocab[97] has 0 bytes, allowed 1 to 256",
                "\"token_bytes\": \"YQ==\"!\"token_bytes\": \"Yg==\"!vocab[97] is not the byte 97: the first 256 are the single bytes",
                "\"token_bytes\": \"aGU=\"!\"token_bytes\": \"ICA=\"!has the bytes of vocab[256]",
                "\"token_str\": \"[INST]\"!\"token_str\": \"<s>\"!the special token \"<s>\" is there twice",
                "\"token_str\": \"[INST]\"!\"token_str\": \"<SPECIAL_38>\"!the special token \"<SPECIAL_38>\" is there twice",
                "\"token_str\": \"</s>\"!\"token_str\": \"x\"!special_tokens has no </s>",
                "\"token_str\": \"[INST]\"!\"token_str\": \"he\"!is spelt like the special token \"he\", which tokenizer.json cannot say",
                "{\"rank\": 3, \"token_str\"!{\"rank\": 2, \"token_str\"!special_tokens rank 2 of \"[INST]\", allowed 0 to 35, each once",
                "{\"config\": {!{\"config\": 1, \"config\": {!config is not an object",
                "\"version\": \"v13\"!\"version\": \"v13\", \"version\": \"v13\"!not JSON: Duplicate field 'version'",
            })
    void whatIsWrongIsNamed(String from, String to, String message) throws IOException {
        String json = Files.readString(TEKKEN.resolve("tekken.json"));
        assertTrue(json.contains(from), from);
        Files.writeString(folder.resolve("tekken.json"), json.replaceFirst(java.util.regex.Pattern.quote(from), to));
        String error = assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                .getMessage();
        assertTrue(error.startsWith(folder + "/tekken.json: ") && error.endsWith(message), error);
    }

    @Test
    void anErrorShowsTheBeginningOfALongText() throws IOException {
        String json = Files.readString(TEKKEN.resolve("tekken.json"));
        Files.writeString(folder.resolve("tekken.json"), json.replace("\"v13\"", "\"" + "A".repeat(900) + "\""));
        assertEquals(
                folder + "/tekken.json: config.version \"" + "A".repeat(60)
                        + "...\", allowed v1, v2, v3, v7, v11, v13, v15",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
    }

    @Test
    void aPatternThatMayTakeForEverIsRefused() throws IOException {
        String json = Files.readString(TEKKEN.resolve("tekken.json"));
        Files.writeString(
                folder.resolve("tekken.json"), json.replaceFirst("\"pattern\": \"[^\"]*\"", "\"pattern\": \"(a+)+b\""));
        assertEquals(
                folder + ": pre_tokenizer: the pattern (a+)+b may take for ever",
                assertThrows(BadInputException.class, () -> HuggingFaceTokenizer.open(folder))
                        .getMessage());
    }

    @Test
    void aSystemPromptIsText() throws IOException {
        Files.copy(TEKKEN.resolve("tekken.json"), folder.resolve("tekken.json"));
        Files.write(folder.resolve("SYSTEM_PROMPT.txt"), new byte[] {'a', (byte) 0xC3});
        assertEquals(
                folder + "/SYSTEM_PROMPT.txt: is not UTF-8",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
        Files.write(folder.resolve("SYSTEM_PROMPT.txt"), new byte[(1 << 20) + 1]);
        assertEquals(
                folder + "/SYSTEM_PROMPT.txt: 1048577 bytes, allowed 1048576",
                assertThrows(BadInputException.class, () -> TokenizerFiles.of(folder))
                        .getMessage());
    }
}
