package io.tramontane.model.tokenizer;

import static org.junit.jupiter.api.Assertions.*;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufFile;
import io.tramontane.model.gguf.GgufWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers written into GGUF files and read again; tools/gguf_check.py compares what llama.cpp makes of them. */
class GgufVocabularyTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf-tokenizers");

    @TempDir
    Path folder;

    private Path written(TokenizerFiles files, int size) throws IOException {
        Path file = folder.resolve("written.gguf");
        try (OutputStream out = Files.newOutputStream(file)) {
            GgufWriter writer = new GgufWriter(out);
            GgufVocabulary.of(files, size, List.of(2, 1)).write(writer);
            writer.begin();
            writer.end();
        }
        return file;
    }

    @ParameterizedTest
    @CsvSource({"gpt-2,gpt2", "smollm,gpt2", "llama-bpe,gpt2", "qwen2,gpt2", "tekken,gpt2", "sentencepiece,llama"})
    void aTokenizerThatWasWrittenCutsTextsAsBefore(String name, String model) throws IOException {
        TokenizerFiles files = TokenizerFiles.of(FOLDER.resolve(name + ".gguf"));
        int size = GgufFile.open(FOLDER.resolve(name + ".gguf"))
                .texts("tokenizer.ggml.tokens")
                .get()
                .size();
        Path file = written(files, size + 3);
        GgufFile gguf = GgufFile.open(file);
        assertEquals(model, gguf.text("tokenizer.ggml.model").get());
        assertEquals(
                model.equals("gpt2") ? name : "default",
                gguf.text("tokenizer.ggml.pre").get());
        assertEquals(
                "[PAD" + (size + 2) + "]",
                gguf.texts("tokenizer.ggml.tokens").get().get(size + 2));
        assertEquals(5, gguf.integers("tokenizer.ggml.token_type").get()[size]); // unused
        assertEquals(1, gguf.integer("tokenizer.ggml.eot_token_id").getAsLong());
        JsonNode cases =
                new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(file)) {
            for (JsonNode c : cases) {
                int[] expected = new ObjectMapper().convertValue(c.get("ids"), int[].class);
                assertArrayEquals(
                        expected,
                        tokenizer.encode(c.get("text").asText()),
                        c.get("text").toString());
                assertEquals(c.get("decoded").asText(), tokenizer.decode(expected));
            }
        }
    }

    @Test
    void theTinyTokenizerIsWrittenAsUnigramAndCutsTextsAsBefore() throws IOException {
        TokenizerFiles files = new TokenizerFiles(
                "tiny",
                Map.of(
                        "tokenizer.json",
                        HuggingFaceTokenizer.tinyFile("tokenizer.json"),
                        "tokenizer_config.json",
                        HuggingFaceTokenizer.tinyFile("tokenizer_config.json")));
        Path file = written(files, 1049);
        GgufFile gguf = GgufFile.open(file);
        assertEquals("t5", gguf.text("tokenizer.ggml.model").get());
        int[] types = gguf.integers("tokenizer.ggml.token_type").get();
        assertArrayEquals(new int[] {2, 3, 4, 4, 6, 6}, java.util.Arrays.copyOf(types, 6));
        assertFalse(gguf.flag("tokenizer.ggml.add_bos_token", true));
        try (HuggingFaceTokenizer before = HuggingFaceTokenizer.tiny();
                HuggingFaceTokenizer after = HuggingFaceTokenizer.open(file)) {
            for (String text : List.of(
                    "Tom has 8 apples. Then he gets 3 more.",
                    "Léa a 10 livres – combien ?\n",
                    "  two  blanks\t",
                    "<think>2+2=4</think>\\boxed{4}<|end|>")) {
                assertArrayEquals(before.encode(text), after.encode(text), text);
                assertEquals(before.decode(before.encode(text)), after.decode(after.encode(text)));
            }
        }
    }

    private static TokenizerFiles files(String json) {
        return new TokenizerFiles("T", Map.of("tokenizer.json", json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusal(String json) {
        return assertThrows(BadInputException.class, () -> GgufVocabulary.of(files(json), 100, List.of(0)))
                .getMessage();
    }

    private static String byteLevel(String vocabulary, String merges, boolean ignoreMerges, String steps) {
        return "{\"model\":{\"type\":\"BPE\",\"vocab\":{" + vocabulary + "},\"merges\":[" + merges
                + "],\"ignore_merges\":" + ignoreMerges
                + "},\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[" + steps + "]}}";
    }

    private static final String PLAIN = "{\"type\":\"ByteLevel\",\"add_prefix_space\":false}";

    @Test
    void aPreTokenizerWithoutANameInLlamaCppIsRefused() {
        String message = refusal(byteLevel("\"a\":0", "", false, "{\"type\":\"Punctuation\"}," + PLAIN));
        assertTrue(
                message.startsWith(
                        "T: llama.cpp has no name for this pre-tokenizer, allowed those of [default, gpt-2,"),
                message);
        assertTrue(refusal(byteLevel("\"a\":0", "", false, PLAIN.replace("false", "true")))
                .contains("llama.cpp has no name for this pre-tokenizer"));
        assertTrue(refusal("{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[]}}")
                .contains("llama.cpp has no name for this pre-tokenizer"));
    }

    @Test
    void wholePiecesMayBeTakenOnlyWhereMergesLeadThere() {
        String vocabulary = "\"a\":0,\"b\":1,\"ab\":2";
        assertDoesNotThrow(
                () -> GgufVocabulary.of(files(byteLevel(vocabulary, "\"a b\"", true, PLAIN)), 3, List.of(0)));
        assertEquals(
                "T: ignore_merges is true, llama.cpp's \"gpt-2\" has the opposite, and no merge leads to the token \"ab\"",
                refusal(byteLevel(vocabulary, "", true, PLAIN)));
    }

    private static String pieces(String vocabulary, String merges) {
        return "{\"model\":{\"type\":\"BPE\",\"byte_fallback\":true,\"vocab\":{" + vocabulary + "},\"merges\":["
                + merges + "]}}";
    }

    @Test
    void scoresFallWithTheRankOfAPiecesMerges() throws IOException {
        // "abc" from either cut comes before "ab"; "bc" last
        String json =
                pieces("\"a\":0,\"b\":1,\"c\":2,\"ab\":3,\"bc\":4,\"abc\":5", "\"ab c\",\"a bc\",\"a b\",\"b c\"");
        GgufFile file = GgufFile.open(written(files(json), 6));
        assertArrayEquals(
                new float[] {-3, -3, -3, -1, -2, 0},
                file.reals("tokenizer.ggml.scores").get());
    }

    @Test
    void mergesThatScoresCannotOrderAreRefused() {
        String vocabulary = "\"a\":0,\"b\":1,\"c\":2,\"ab\":3,\"bc\":4,\"abc\":5";
        assertTrue(refusal(pieces(vocabulary, "\"ab c\",\"a b\",\"a bc\",\"b c\""))
                .contains("the merges to \"abc\" have others between them"));
        assertTrue(refusal(pieces(vocabulary, "\"ab c\",\"a b\",\"b c\""))
                .contains("no merge of \"a\" and \"bc\", which llama.cpp would merge to \"abc\""));
        // runs of one character may: with equal scores the leftmost pair grows first
        assertDoesNotThrow(() -> GgufVocabulary.of(
                files(pieces("\"a\":0,\"aa\":1,\"aaa\":2", "\"aa a\",\"a a\",\"a aa\"")), 3, List.of(0)));
    }
}
