package io.tramontane.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.JsonReading;
import io.tramontane.model.gguf.GgufWriter;
import io.tramontane.model.gguf.PreTokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A tokenizer as the metadata of a GGUF file, for llama.cpp: byte-level BPE ("gpt2", its pre-tokenizer known there by
 * name), SentencePiece's BPE ("llama") and Unigram ("t5"). One that llama.cpp has no word for is refused.
 */
public final class GgufVocabulary {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String BLANK = "\u2581";
    private static final float LOWEST = -10_000;
    private static final List<String> ENDS = List.of("eos", "eot", "eom");

    /** The format's kinds of tokens. */
    private enum Kind {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE;

        int code() {
            return ordinal() + 1;
        }
    }

    private final TokenizerJson files;
    private final JsonNode tokenizer;
    private final JsonNode model;
    private final List<Integer> ends;
    private final String[] tokens;
    private final Kind[] kinds;
    private final SpaceRules spaces;
    private String pre;
    private float[] scores;

    private GgufVocabulary(TokenizerJson files, int size, List<Integer> ends) {
        this.files = files;
        this.tokenizer = files.tokenizer();
        this.model = tokenizer.path("model");
        this.ends = ends;
        this.tokens = new String[size];
        this.kinds = new Kind[size];
        this.spaces = new SpaceRules(tokenizer);
    }

    /**
     * Checks that llama.cpp can cut texts as this tokenizer does.
     *
     * @param size of the model's vocabulary; ids without a token are filled
     * @param ends tokens that end a completion; the format has places for three
     */
    public static GgufVocabulary of(TokenizerFiles files, int size, List<Integer> ends) {
        TokenizerJson json = new TokenizerJson(files);
        json.checkFits(size);
        GgufVocabulary vocabulary = new GgufVocabulary(json, size, ends);
        vocabulary.read();
        return vocabulary;
    }

    private void read() {
        String type = model.path("type").asText("BPE");
        boolean bytes = model.path("byte_fallback").asBoolean();
        if (type.equals("BPE") && !bytes) byteLevel();
        else if (type.equals("BPE")) sentencePiece();
        else if (type.equals("Unigram")) unigram();
        else throw files.bad("a tokenizer of type " + type + " cannot be written as GGUF, allowed BPE, Unigram");
        addTokens();
        fill();
    }

    private void byteLevel() {
        boolean ignore = model.path("ignore_merges").asBoolean();
        pre = PreTokenizers.nameOf(tokenizer.path("normalizer"), tokenizer.path("pre_tokenizer"))
                .orElseThrow(() -> files.bad("llama.cpp has no name for this pre-tokenizer, allowed those of "
                        + PreTokenizers.NAMES + ": " + tokenizer.path("pre_tokenizer")));
        vocabulary();
        if (PreTokenizers.ignoresMerges(pre) != ignore) checkMerged();
    }

    /** Whole pieces are taken or not: that makes no difference where merges lead to every token. */
    private void checkMerged() {
        Set<String> made = new HashSet<>();
        for (String merge : merges()) made.add(merge.replaceFirst("(?<=.) ", ""));
        Set<String> added = files.added();
        for (String token : tokens)
            if (token != null && token.length() > 1 && !added.contains(token) && !made.contains(token))
                throw files.bad(
                        "ignore_merges is " + model.path("ignore_merges").asBoolean() + ", llama.cpp's \"" + pre
                                + "\" has the opposite, and no merge leads to the token \"" + token + "\"");
    }

    private void vocabulary() {
        model.path("vocab").properties().forEach(token -> put(token.getValue().asInt(), token.getKey(), Kind.NORMAL));
    }

    private void sentencePiece() {
        spaces.check(files);
        vocabulary();
        String unknown = model.path("unk_token").asText("");
        for (int id = 0; id < tokens.length; id++) special(id, tokens[id] != null && tokens[id].equals(unknown));
        scores = new PieceScores(files, tokens, files.added()).of(model.path("merges"));
    }

    private void unigram() {
        spaces.check(files);
        scores = new float[tokens.length];
        int id = 0;
        for (JsonNode piece : model.path("vocab")) {
            String text = piece.path(0).asText("");
            if (!spaces.replaced() && text.contains(BLANK))
                throw files.bad("the token \"" + text + "\" holds U+2581, which is a blank to llama.cpp");
            put(id, spaces.replaced() ? text : text.replace(" ", BLANK), Kind.NORMAL);
            scores[id] = (float) piece.path(1).asDouble();
            special(id, id == model.path("unk_id").asInt(-1));
            id++;
        }
    }

    private void special(int id, boolean unknown) {
        if (unknown) kinds[id] = Kind.UNKNOWN;
        else if (tokens[id] != null && tokens[id].matches("<0x[0-9A-F]{2}>")) kinds[id] = Kind.BYTE;
    }

    private void put(int id, String token, Kind kind) {
        tokens[id] = token;
        kinds[id] = kind;
    }

    private void addTokens() {
        AddedTokens added = files.addedTokens();
        for (JsonNode token : tokenizer.path("added_tokens")) {
            int id = token.path("id").asInt();
            if (kinds[id] == Kind.UNKNOWN) continue;
            boolean control = added.special(id) || token.path("special").asBoolean();
            put(id, token.path("content").asText(), control ? Kind.CONTROL : Kind.USER_DEFINED);
        }
    }

    private void fill() {
        Set<String> taken = new HashSet<>(Arrays.asList(tokens));
        for (int id = 0; id < tokens.length; id++) {
            if (tokens[id] != null) continue;
            String name = "[PAD" + id + "]";
            while (!taken.add(name)) name += "_";
            put(id, name, Kind.UNUSED);
            if (scores != null) scores[id] = LOWEST;
        }
    }

    /** "left right" in order. */
    private List<String> merges() {
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : model.path("merges"))
            merges.add(
                    merge.isArray()
                            ? merge.path(0).asText() + " " + merge.path(1).asText()
                            : merge.asText());
        return merges;
    }

    /** States it. */
    public void write(GgufWriter out) {
        boolean byteLevel = pre != null;
        boolean unigram = model.path("type").asText().equals("Unigram");
        out.text(PREFIX + "model", byteLevel ? "gpt2" : unigram ? "t5" : "llama");
        out.text(PREFIX + "pre", byteLevel ? pre : "default");
        out.texts(PREFIX + "tokens", List.of(tokens));
        if (scores != null) out.reals(PREFIX + "scores", scores);
        out.integers(
                PREFIX + "token_type", Arrays.stream(kinds).mapToInt(Kind::code).toArray());
        if (byteLevel) out.texts(PREFIX + "merges", merges());
        else out.flag(PREFIX + "add_space_prefix", spaces.blankFirst());
        if (unigram) out.flag(PREFIX + "remove_extra_whitespaces", false);
        for (int i = 0; i < Math.min(ends.size(), ENDS.size()); i++)
            out.number(PREFIX + ENDS.get(i) + "_token_id", ends.get(i));
        id(out, "bos", files.named("bos_token"));
        id(out, "unknown", files.named("unk_token"));
        id(out, "padding", files.named("pad_token"));
        out.flag(PREFIX + "add_bos_token", addsBeginning());
        out.flag(PREFIX + "add_eos_token", false);
    }

    private void id(GgufWriter out, String name, String token) {
        int id = token.isEmpty() ? -1 : Arrays.asList(tokens).indexOf(token);
        if (id >= 0) out.number(PREFIX + name + "_token_id", id);
    }

    /** tokenizer_config.json says so, or the post-processor puts the token first; SentencePiece's usual answer is yes. */
    private boolean addsBeginning() {
        String beginning = files.named("bos_token");
        if (beginning.isEmpty()) return false;
        JsonNode stated = files.config().path("add_bos_token");
        if (stated.isBoolean()) return stated.booleanValue();
        JsonNode post = tokenizer.path("post_processor");
        for (JsonNode step : post.has("processors")
                ? post.path("processors")
                : JSON.createArrayNode().add(post)) {
            JsonNode first = step.path("single").path(0).path("SpecialToken").path("id");
            if (first.asText("").equals(beginning)) return true;
        }
        return scores != null && post.isMissingNode();
    }
}
