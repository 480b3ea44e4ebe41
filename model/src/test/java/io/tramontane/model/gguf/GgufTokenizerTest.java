package io.tramontane.model.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.Problem;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.ModelChat;
import io.tramontane.model.tokenizer.HuggingFaceTokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers out of GGUF files against Hugging Face's tokenizers and Google's sentencepiece (tools/gguf_tokenizers.py). */
class GgufTokenizerTest {
    private static final Path FOLDER = Path.of("src/test/resources/gguf-tokenizers");

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "llama-bpe", "qwen2", "tekken", "sentencepiece"})
    void textsBecomeTheTokensOfTheReferenceAndComeBack(String name) throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.open(FOLDER.resolve(name + ".gguf"))) {
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
    void theFilesTokensThatEndATextAndItsChatTemplateAreTaken() {
        TokenizerFiles files = TokenizerFiles.of(FOLDER.resolve("smollm.gguf"));
        assertTrue(ModelChat.isIn(files));
        assertFalse(ModelChat.isIn(TokenizerFiles.of(FOLDER.resolve("sentencepiece.gguf"))));
        Problem problem = Problem.math("a", "en", "1+1?", "2", Map.of());
        assertEquals(
                "<|im_start|>user\n1+1?<|im_end|>\n",
                ChatTemplates.named("model-plain", files, LocalDate.EPOCH).prompt(problem));
        try (HuggingFaceTokenizer tokenizer = new HuggingFaceTokenizer(files)) {
            assertEquals(2, tokenizer.endOfText());
        }
    }

    @Test
    void everyTokenThatEndsATurnEndsACompletion(@TempDir Path folder) throws IOException {
        byte[] bytes = GgufFileTest.written(1024, out -> {
            out.put("GGUF".getBytes(StandardCharsets.US_ASCII))
                    .putInt(3)
                    .putLong(0)
                    .putLong(6);
            GgufFileTest.text(out, "tokenizer.ggml.model");
            out.putInt(8);
            GgufFileTest.text(out, "gpt2");
            texts(out, "tokenizer.ggml.tokens", "a", "b", "ab", "<end>", "<turn>");
            texts(out, "tokenizer.ggml.merges", "a b");
            for (String key : List.of("eos", "eot", "eom")) {
                GgufFileTest.text(out, "tokenizer.ggml." + key + "_token_id");
                out.putInt(4).putInt(key.equals("eos") ? 3 : 4);
            }
        });
        GgufFile file = GgufFile.open(Files.write(folder.resolve("m.gguf"), bytes));
        assertEquals(List.of(3, 4), GgufTokenizer.ends(file));
        assertEquals(
                "{\"eos_token_id\":[3,4]}",
                new String(GgufTokenizer.files(file).get("generation_config.json"), StandardCharsets.UTF_8));
    }

    private static void texts(ByteBuffer out, String key, String... values) {
        GgufFileTest.text(out, key);
        out.putInt(9).putInt(8).putLong(values.length);
        for (String value : values) GgufFileTest.text(out, value);
    }
}
