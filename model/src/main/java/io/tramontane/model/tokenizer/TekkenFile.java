package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads {@code tekken.json}, Mistral's form of a byte-level BPE: a pattern that cuts text, the bytes of every token in the
 * order of their ranks, and the special tokens, whose ids come first. The file is untrusted: it is read as a stream, and
 * every count is bounded.
 */
final class TekkenFile {
    private static final JsonMapper JSON = JsonReading.strict();
    private static final int LONGEST_TOKEN = 256; // bytes; the published files have at most 78
    private static final int LONGEST_SPECIAL = 1_000;
    private static final int MOST_BYTES = 8 << 20; // of all tokens; the published files have 1.0 MB

    private final String where;
    private final List<String> vocab = new ArrayList<>();
    private List<TekkenTokens.Special> specials; // null where the file has none
    private String pattern;
    private String version;
    private Integer vocabSize;
    private Integer specialCount;
    private int bytes;

    private TekkenFile(String where) {
        this.where = where;
    }

    /** {@code where} names the file in errors. */
    static TekkenTokens read(String where, byte[] file) {
        TekkenFile read = new TekkenFile(where);
        try (JsonParser in = JSON.createParser(file)) {
            read.root(in);
        } catch (JsonProcessingException e) {
            throw read.bad("not JSON: " + JsonReading.fault(e));
        } catch (IOException e) {
            throw read.bad("cannot be read: " + e.getMessage());
        }
        return read.checked();
    }

    private TekkenTokens checked() {
        if (pattern == null) throw bad("config.pattern is missing");
        if (version == null) throw bad("config.version is missing");
        if (vocabSize == null) throw bad("config.default_vocab_size is missing");
        if (specialCount == null) throw bad("config.default_num_special_tokens is missing");
        return TekkenTokens.of(
                where, version, pattern, vocab, specials, new TekkenTokens.Sizes(vocabSize, specialCount));
    }

    private void root(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) throw bad("is not a JSON object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            JsonToken value = in.nextToken();
            switch (key) {
                case "config" -> config(in);
                case "vocab" -> vocab(in);
                case "special_tokens" -> {
                    if (value != JsonToken.VALUE_NULL) specials(in);
                }
                default -> in.skipChildren();
            }
        }
        if (in.nextToken() != null) throw bad("goes on behind its JSON object");
    }

    private void config(JsonParser in) throws IOException {
        if (!in.hasToken(JsonToken.START_OBJECT)) throw bad("config is not an object");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            in.nextToken();
            switch (key) {
                case "pattern" -> pattern = text(in, "config.pattern");
                case "version" -> version = text(in, "config.version");
                case "default_vocab_size" -> vocabSize = integer(in, "config.default_vocab_size");
                case "default_num_special_tokens" -> specialCount = integer(in, "config.default_num_special_tokens");
                default -> in.skipChildren();
            }
        }
    }

    private void vocab(JsonParser in) throws IOException {
        if (!in.hasToken(JsonToken.START_ARRAY)) throw bad("vocab is not a list");
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String at = "vocab[" + vocab.size() + "]";
            if (!in.hasToken(JsonToken.START_OBJECT)) throw bad(at + " is not an object");
            String token = null;
            int rank = -1;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String key = in.currentName();
                in.nextToken();
                if (key.equals("rank")) rank = integer(in, at + ".rank");
                else if (key.equals("token_bytes")) token = token(at, text(in, at + ".token_bytes"));
                else in.skipChildren();
            }
            if (token == null) throw bad(at + ".token_bytes is missing");
            if (rank != vocab.size()) throw bad(at + ".rank " + rank + ", allowed " + vocab.size());
            vocab.add(token);
        }
    }

    /** The bytes of a token as characters 0 to 255. */
    private String token(String at, String base64) {
        try {
            byte[] token = Base64.getDecoder().decode(base64);
            if (token.length < 1 || token.length > LONGEST_TOKEN)
                throw bad(at + " has " + token.length + " bytes, allowed 1 to " + LONGEST_TOKEN);
            bytes += token.length;
            if (bytes > MOST_BYTES) throw bad("the tokens of vocab have more than " + MOST_BYTES + " bytes");
            return new String(token, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw bad(at + ".token_bytes is not base64");
        }
    }

    private void specials(JsonParser in) throws IOException {
        if (!in.hasToken(JsonToken.START_ARRAY)) throw bad("special_tokens is not a list");
        specials = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            String at = "special_tokens[" + specials.size() + "]";
            if (!in.hasToken(JsonToken.START_OBJECT)) throw bad(at + " is not an object");
            String content = "";
            int rank = -1;
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String key = in.currentName();
                in.nextToken();
                if (key.equals("rank")) rank = integer(in, at + ".rank");
                else if (key.equals("token_str")) content = text(in, at + ".token_str");
                else in.skipChildren();
            }
            if (content.isEmpty() || content.length() > LONGEST_SPECIAL)
                throw bad(at + ".token_str has " + content.length() + " characters, allowed 1 to " + LONGEST_SPECIAL);
            specials.add(new TekkenTokens.Special(rank, content));
        }
    }

    private String text(JsonParser in, String what) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_STRING)) throw bad(what + " is not a text");
        return in.getText();
    }

    private int integer(JsonParser in, String what) throws IOException {
        if (!in.hasToken(JsonToken.VALUE_NUMBER_INT) || in.getNumberType() != JsonParser.NumberType.INT)
            throw bad(what + " is not an integer of 32 bits");
        return in.getIntValue();
    }

    private BadInputException bad(String why) {
        return new BadInputException(where + ": " + why);
    }
}
