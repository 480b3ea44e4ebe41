package io.tramontane.data;

import ai.djl.huggingface.tokenizers.Encoding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A tokenizer in Hugging Face's form: {@code tokenizer.json}, and beside it {@code tokenizer_config.json}, which names the
 * end-of-text token. Nothing is added, cut or padded.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> AS_IS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer rust;
    private final int vocabularySize;
    private final int endOfText;

    private HuggingFaceTokenizer(byte[] tokenizerJson, byte[] configJson, String where) throws IOException {
        JsonNode tokenizer = JSON.readTree(tokenizerJson);
        JsonNode end = JSON.readTree(configJson).path("eos_token");
        String endText = end.isObject() ? end.path("content").asText("") : end.asText("");
        vocabularySize = size(tokenizer);
        endOfText = addedId(tokenizer, endText);
        if (endOfText < 0)
            throw new BadInputException(where + ": eos_token \"" + endText
                    + "\" of tokenizer_config.json is none of the added_tokens of tokenizer.json");
        rust = ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(tokenizerJson), AS_IS);
    }

    /** Opens {@code tokenizer.json} and the {@code tokenizer_config.json} in the same folder. */
    public static HuggingFaceTokenizer open(Path tokenizerJson) {
        Path config = tokenizerJson.resolveSibling("tokenizer_config.json");
        for (Path file : new Path[] {tokenizerJson, config}) {
            if (!Files.isRegularFile(file)) throw new BadInputException(file + ": no such file");
        }
        try {
            return new HuggingFaceTokenizer(
                    Files.readAllBytes(tokenizerJson), Files.readAllBytes(config), tokenizerJson.toString());
        } catch (IOException e) {
            throw new BadInputException(tokenizerJson + ": not a tokenizer: " + firstLine(e));
        }
    }

    /** The tokenizer of the tiny policy, which ships with the program. */
    public static HuggingFaceTokenizer tiny() {
        try {
            return new HuggingFaceTokenizer(
                    tinyFile("tokenizer.json"), tinyFile("tokenizer_config.json"), "tiny tokenizer");
        } catch (IOException e) {
            throw new IllegalStateException("tiny tokenizer: " + e.getMessage(), e);
        }
    }

    /** A file of the tiny tokenizer, "tokenizer.json" or "tokenizer_config.json", to be written into checkpoints. */
    public static byte[] tinyFile(String name) throws IOException {
        try (InputStream in = HuggingFaceTokenizer.class.getResourceAsStream("/tiny/" + name)) {
            if (in == null) throw new IOException("no resource /tiny/" + name);
            return in.readAllBytes();
        }
    }

    @Override
    public int[] encode(String text) {
        // Half a surrogate pair is no text; it becomes '?', as everywhere in Java.
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Encoding encoding = rust.encode(valid, false, false);
        return Arrays.stream(encoding.getIds()).mapToInt(id -> (int) id).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        long[] ids = Arrays.stream(tokens)
                .filter(id -> id >= 0 && id < vocabularySize)
                .asLongStream()
                .toArray();
        return rust.decode(ids, true);
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int endOfText() {
        return endOfText;
    }

    @Override
    public void close() {
        rust.close();
    }

    /** One more than the largest id, over the model's vocabulary (a list or a map of ids) and the added tokens. */
    private static int size(JsonNode tokenizer) {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        int largest = vocabulary.isArray() ? vocabulary.size() - 1 : -1;
        if (vocabulary.isObject()) for (JsonNode id : vocabulary) largest = Math.max(largest, id.asInt());
        for (JsonNode added : tokenizer.path("added_tokens")) {
            largest = Math.max(largest, added.path("id").asInt());
        }
        return largest + 1;
    }

    private static int addedId(JsonNode tokenizer, String content) {
        for (JsonNode added : tokenizer.path("added_tokens")) {
            if (added.path("content").asText().equals(content))
                return added.path("id").asInt();
        }
        return -1;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
