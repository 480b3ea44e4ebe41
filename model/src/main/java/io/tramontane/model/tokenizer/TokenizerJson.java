package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parsed and checked files of a tokenizer: ids, special tokens, where a text ends, and the checked tokenizer.json for native code. */
public final class TokenizerJson {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final int MOST_TOKENS = 4_000_000;

    private final String where;
    private final JsonNode tokenizer;
    private final JsonNode config;
    private final JsonNode generation;
    private final Map<String, Integer> added = new HashMap<>();
    private final BitSet used = new BitSet();
    private final byte[] safe;

    public TokenizerJson(TokenizerFiles files) {
        where = files.where();
        tokenizer = read(files, "tokenizer.json");
        config = read(files, "tokenizer_config.json");
        generation = read(files, "generation_config.json");
        collectIds();
        try {
            safe = JSON.writeValueAsBytes(new TokenizerGuard(where).checked(tokenizer));
        } catch (JsonProcessingException e) {
            throw bad("tokenizer.json cannot be written again: " + e.getOriginalMessage());
        }
    }

    /** The checked tokenizer.json for native code. */
    byte[] safe() {
        return safe;
    }

    /** The parsed tokenizer.json. */
    JsonNode tokenizer() {
        return tokenizer;
    }

    /** The parsed tokenizer_config.json. */
    JsonNode config() {
        return config;
    }

    /** The content of a token that tokenizer_config.json names, e.g. "bos_token"; empty where it does not. */
    String named(String name) {
        JsonNode token = config.path(name);
        return token.isNull() ? "" : token.path("content").asText(token.asText(""));
    }

    /** One more than the largest id, over the model's vocabulary (a list or a map of ids) and the added tokens. */
    int vocabularySize() {
        return used.length();
    }

    /** The id of a token that was added to the model's vocabulary, or -1. */
    public int addedId(String content) {
        return added.getOrDefault(content, -1);
    }

    /** Refuses ids for which a model with a vocabulary of this size has no embedding. */
    void checkFits(int vocabulary) {
        if (vocabularySize() <= vocabulary) return;
        List<String> beyond = new ArrayList<>();
        JsonNode words = tokenizer.path("model").path("vocab");
        for (JsonNode token : tokenizer.path("added_tokens"))
            if (token.path("id").asInt() >= vocabulary)
                beyond.add(named(token.path("content"), token.path("id").asInt()));
        if (words.isArray()) {
            for (int id = vocabulary; id < words.size(); id++)
                beyond.add(named(words.path(id).path(0), id));
        } else {
            words.properties().forEach(word -> {
                if (word.getValue().asInt() >= vocabulary && !added.containsKey(word.getKey()))
                    beyond.add(named(
                            JSON.getNodeFactory().textNode(word.getKey()),
                            word.getValue().asInt()));
            });
        }
        throw bad("token " + beyond.get(0) + " of tokenizer.json is beyond the model's vocabulary of " + vocabulary
                + ", allowed 0 to " + (vocabulary - 1)
                + (beyond.size() > 1 ? "; so are " + (beyond.size() - 1) + " more" : ""));
    }

    private static String named(JsonNode content, int id) {
        String text = content.asText("");
        return "\"" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "\" with id " + id;
    }

    /** What is found in text before anything else. */
    AddedTokens addedTokens() {
        return new AddedTokens(tokenizer, config);
    }

    /** The bytes of each token by its id, null for added tokens and unused ids; empty if this tokenizer's decoder is not known. */
    public Optional<byte[][]> tokenBytes() {
        return TokenBytes.of(tokenizer, vocabularySize());
    }

    /** All tokens that were added. */
    public Set<String> added() {
        return Set.copyOf(added.keySet());
    }

    /** Ids of tokens that are no text. */
    Set<Integer> special() {
        Set<Integer> special = new LinkedHashSet<>();
        for (JsonNode token : tokenizer.path("added_tokens"))
            if (token.path("special").asBoolean()) special.add(token.path("id").asInt());
        return special;
    }

    /** Byte by token id, of a model that writes unknown characters as bytes. */
    Map<Integer, Integer> bytes() {
        Map<Integer, Integer> bytes = new HashMap<>();
        JsonNode model = tokenizer.path("model");
        if (!model.path("byte_fallback").asBoolean()) return bytes;
        Map<String, Integer> names = new HashMap<>();
        for (int value = 0; value < 256; value++) names.put(String.format(Locale.ROOT, "<0x%02X>", value), value);
        JsonNode vocabulary = model.path("vocab");
        if (vocabulary.isObject())
            names.forEach((name, value) -> {
                if (vocabulary.path(name).isInt())
                    bytes.put(vocabulary.path(name).intValue(), value);
            });
        for (int id = 0; vocabulary.isArray() && id < vocabulary.size(); id++) {
            Integer value = names.get(vocabulary.path(id).path(0).asText(""));
            if (value != null) bytes.put(id, value);
        }
        return bytes;
    }

    /** Ids at which generation ends, the one that a trainer appends first. */
    Set<Integer> ends() {
        Set<Integer> ends = new LinkedHashSet<>();
        JsonNode token = config.path("eos_token");
        String text = token.isObject() ? token.path("content").asText("") : token.isNull() ? "" : token.asText("");
        if (!text.isEmpty()) {
            int id = added.getOrDefault(
                    text, tokenizer.path("model").path("vocab").path(text).asInt(-1));
            if (id < 0)
                throw bad("eos_token \"" + text
                        + "\" of tokenizer_config.json is none of the added_tokens of tokenizer.json");
            ends.add(id);
        }
        JsonNode more = generation.path("eos_token_id");
        if (more.isNumber()) addEnd(ends, more);
        for (JsonNode id : more) addEnd(ends, id);
        if (ends.isEmpty())
            throw bad(
                    "no end of text: neither eos_token in tokenizer_config.json nor eos_token_id in generation_config.json");
        return ends;
    }

    private void addEnd(Set<Integer> ends, JsonNode id) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() >= vocabularySize())
            throw bad("eos_token_id " + id + " of generation_config.json, allowed 0 to " + (vocabularySize() - 1));
        ends.add(id.asInt());
    }

    private JsonNode read(TokenizerFiles files, String name) {
        byte[] bytes = files.files().get(name);
        if (bytes == null) return JSON.createObjectNode();
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json == null || !json.isObject()) throw bad(name + " is not a JSON object");
            return json;
        } catch (JsonProcessingException e) {
            throw bad(name + " is not JSON: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw bad(name + " cannot be read: " + e.getMessage());
        }
    }

    private void collectIds() {
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        if (vocabulary.isEmpty()) throw bad("the model has no vocab");
        if (vocabulary.isArray()) used.set(0, vocabulary.size());
        else for (JsonNode id : vocabulary) if (!use(id)) throw bad("the token id " + id + " is there twice");
        for (JsonNode token : tokenizer.path("added_tokens")) {
            use(token.path("id"));
            added.put(token.path("content").asText(""), token.path("id").asInt());
        }
        if (used.length() > MOST_TOKENS) throw bad(used.length() + " tokens, allowed " + MOST_TOKENS);
    }

    /** False if the id was in use. */
    private boolean use(JsonNode id) {
        if (!id.isIntegralNumber() || id.asLong() < 0 || id.asLong() >= MOST_TOKENS)
            throw bad("token id " + id + ", allowed 0 to " + (MOST_TOKENS - 1));
        boolean fresh = !used.get(id.asInt());
        used.set(id.asInt());
        return fresh;
    }

    BadInputException bad(String why) {
        String line = why.replaceAll("\\s+", " ");
        return new BadInputException(where + ": " + (line.length() > 300 ? line.substring(0, 300) + "..." : line));
    }
}
