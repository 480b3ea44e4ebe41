package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A tekken.json as Hugging Face's tokenizer.json: the same ids for every text. */
final class TekkenJson {
    private static final JsonMapper JSON = JsonReading.mapper();

    private final String where;
    private final TekkenTokens tekken;

    TekkenJson(String where, TekkenTokens tekken) {
        this.where = where;
        this.tekken = tekken;
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("version", "1.0");
            addedTokens(out);
            steps(out);
            model(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory", e);
        }
        return bytes.toByteArray();
    }

    private void addedTokens(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("added_tokens");
        for (int id = 0; id < tekken.specials().size(); id++) {
            out.writeStartObject();
            out.writeNumberField("id", id);
            out.writeStringField("content", tekken.specials().get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized"))
                out.writeBooleanField(flag, false);
            out.writeBooleanField("special", true);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private void steps(JsonGenerator out) throws IOException {
        Map<String, Object> split = Map.of(
                "type", "Split", "pattern", Map.of("Regex", tekken.pattern()), "behavior", "Isolated", "invert", false);
        Map<String, Object> bytes =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        out.writeNullField("normalizer");
        out.writePOJOField("pre_tokenizer", Map.of("type", "Sequence", "pretokenizers", List.of(split, bytes)));
        out.writeNullField("post_processor");
        out.writePOJOField("decoder", bytes);
    }

    private void model(JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("model");
        out.writeStringField("type", "BPE");
        for (String name : List.of("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"))
            out.writeNullField(name);
        out.writeBooleanField("fuse_unk", false);
        out.writeBooleanField("byte_fallback", false);
        out.writeBooleanField("ignore_merges", true); // a piece that is a token is that token
        out.writeObjectFieldStart("vocab");
        Map<String, Integer> specials = new HashMap<>();
        for (String special : tekken.specials()) {
            out.writeNumberField(special, specials.size());
            specials.put(special, specials.size());
        }
        for (int rank = 0; rank < tekken.tokens().size(); rank++) {
            String letters = ByteLetters.of(tekken.tokens().get(rank));
            if (specials.containsKey(letters))
                throw new BadInputException(where + ": vocab[" + rank + "] is spelt like the special token \"" + letters
                        + "\", which tokenizer.json cannot say");
            out.writeNumberField(letters, specials.size() + rank);
        }
        out.writeEndObject();
        out.writeArrayFieldStart("merges");
        for (ByteMerges.Merge merge : ByteMerges.of(tekken.tokens())) {
            out.writeStartArray();
            out.writeString(ByteLetters.of(merge.left()));
            out.writeString(ByteLetters.of(merge.right()));
            out.writeEndArray();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
