package io.tramontane.model.gguf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The tokenizer in a GGUF file's metadata as the files that Hugging Face would ship: byte-level BPE with merges ("gpt2"),
 * its pre-tokenizer known by name, SentencePiece BPE with scores ("llama"), and Unigram ("t5").
 */
public final class GgufTokenizer {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String PREFIX = "tokenizer.ggml.";
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;

    private final GgufFile file;
    private final List<String> tokens;
    private final int[] types;

    private GgufTokenizer(GgufFile file) {
        this.file = file;
        tokens = file.texts(PREFIX + "tokens").orElseThrow(() -> bad(PREFIX + "tokens is missing"));
        types = file.integers(PREFIX + "token_type").orElseGet(() -> new int[tokens.size()]);
        if (types.length != tokens.size())
            throw bad(PREFIX + "token_type has " + types.length + " entries, tokens " + tokens.size());
    }

    /** Tokens that end a completion: end of text, of a turn, of a message, where the file names them; each once. */
    public static List<Integer> ends(GgufFile file) {
        Set<Integer> ends = new LinkedHashSet<>();
        for (String name : List.of("eos", "eot", "eom")) {
            OptionalLong id = file.integer(PREFIX + name + "_token_id");
            if (id.isEmpty()) continue;
            if (id.getAsLong() < 0 || id.getAsLong() > Integer.MAX_VALUE)
                throw new BadInputException(file.file() + ": " + PREFIX + name + "_token_id "
                        + Long.toUnsignedString(id.getAsLong()) + ", allowed 0 to " + Integer.MAX_VALUE);
            ends.add((int) id.getAsLong());
        }
        return List.copyOf(ends);
    }

    /** tokenizer.json and tokenizer_config.json; where several tokens end a completion, generation_config.json too. */
    public static Map<String, byte[]> files(GgufFile file) {
        GgufTokenizer tokenizer = new GgufTokenizer(file);
        Map<String, byte[]> files = new LinkedHashMap<>();
        try {
            files.put("tokenizer.json", JSON.writeValueAsBytes(tokenizer.tokenizerJson()));
            files.put("tokenizer_config.json", JSON.writeValueAsBytes(tokenizer.config()));
            List<Integer> ends = ends(file);
            if (ends.size() > 1)
                files.put("generation_config.json", JSON.writeValueAsBytes(Map.of("eos_token_id", ends)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private ObjectNode tokenizerJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("version", "1.0");
        json.set("added_tokens", added());
        String kind = file.text(PREFIX + "model").orElse("");
        switch (kind) {
            case "gpt2" -> byteLevel(json);
            case "llama" ->
                new SentencePieceJson(tokens, scores(), file.flag(PREFIX + "add_space_prefix", true)).write(json);
            case "t5" -> unigram().write(json);
            default -> throw bad(PREFIX + "model \"" + kind + "\", allowed gpt2, llama, t5");
        }
        return json;
    }

    private UnigramJson unigram() {
        if (file.keys().contains(PREFIX + "precompiled_charsmap")
                || file.flag(PREFIX + "remove_extra_whitespaces", false))
            throw bad("a tokenizer that replaces characters first (precompiled_charsmap) or joins blanks"
                    + " (remove_extra_whitespaces) is not supported");
        long unknown = file.integer(PREFIX + "unknown_token_id").orElse(-1);
        if (unknown < 0 || unknown >= tokens.size())
            throw bad(PREFIX + "unknown_token_id " + unknown + ", allowed 0 to " + (tokens.size() - 1));
        boolean bytes = Arrays.stream(types).anyMatch(type -> type == BYTE);
        return new UnigramJson(tokens, scores(), (int) unknown, bytes, file.flag(PREFIX + "add_space_prefix", true));
    }

    private float[] scores() {
        float[] scores = file.reals(PREFIX + "scores").orElseThrow(() -> bad(PREFIX + "scores is missing"));
        if (scores.length != tokens.size())
            throw bad(PREFIX + "scores has " + scores.length + " entries, tokens " + tokens.size());
        return scores;
    }

    private ArrayNode added() {
        ArrayNode added = JSON.createArrayNode();
        for (int id = 0; id < types.length; id++) {
            if (types[id] != UNKNOWN && types[id] != CONTROL && types[id] != USER_DEFINED) continue;
            ObjectNode token = added.addObject();
            token.put("id", id);
            token.put("content", tokens.get(id));
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) token.put(flag, false);
            token.put("special", types[id] != USER_DEFINED);
        }
        return added;
    }

    private void byteLevel(ObjectNode json) {
        String name = file.text(PREFIX + "pre").orElse("gpt-2");
        PreTokenizers.named(name)
                .orElseThrow(() -> bad(PREFIX + "pre \"" + name + "\", allowed " + PreTokenizers.NAMES))
                .write(json);
        json.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE");
        model.put("ignore_merges", PreTokenizers.ignoresMerges(name));
        vocabulary(model);
        ArrayNode merges = model.putArray("merges");
        for (String merge : file.texts(PREFIX + "merges").orElseThrow(() -> bad(PREFIX + "merges is missing"))) {
            int blank = merge.indexOf(' ', 1);
            if (blank < 0 || blank == merge.length() - 1) throw bad("the merge \"" + merge + "\" has no two sides");
            merges.addArray().add(merge.substring(0, blank)).add(merge.substring(blank + 1));
        }
    }

    private void vocabulary(ObjectNode model) {
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            if (types[id] == UNUSED) continue; // fills the ids up to the model's vocabulary
            if (vocabulary.has(tokens.get(id))) throw bad("the token \"" + tokens.get(id) + "\" is there twice");
            vocabulary.put(tokens.get(id), id);
        }
    }

    private ObjectNode config() {
        ObjectNode config = JSON.createObjectNode();
        for (String name : List.of("bos", "eos", "unknown", "padding")) {
            OptionalLong id = file.integer(PREFIX + name + "_token_id");
            if (id.isEmpty()) continue;
            if (id.getAsLong() < 0 || id.getAsLong() >= tokens.size())
                throw bad(PREFIX + name + "_token_id " + id.getAsLong() + ", allowed 0 to " + (tokens.size() - 1));
            String key = name.equals("unknown") ? "unk_token" : name.equals("padding") ? "pad_token" : name + "_token";
            config.put(key, tokens.get((int) id.getAsLong()));
        }
        if (file.keys().contains(PREFIX + "add_bos_token"))
            config.put("add_bos_token", file.flag(PREFIX + "add_bos_token", false));
        file.text("tokenizer.chat_template").ifPresent(template -> config.put("chat_template", template));
        return config;
    }

    private BadInputException bad(String why) {
        return new BadInputException(file.file() + ": " + why);
    }
}
