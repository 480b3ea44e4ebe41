package io.tramontane.model.tokenizer;

import ai.djl.huggingface.tokenizers.Encoding;
import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A tokenizer in Hugging Face's form: {@code tokenizer.json}, and beside it {@code tokenizer_config.json} and {@code
 * generation_config.json}, which name the tokens that end a text. Nothing is added, cut or padded. Special tokens are left
 * out of decoded text, except think tags, which the format gate must see.
 */
public final class HuggingFaceTokenizer implements Tokenizer {
    /** Tokens that stay visible in decoded text even where a tokenizer calls them special. */
    private static final List<String> VISIBLE = List.of("<think>", "</think>", "[THINK]", "[/THINK]");

    private static final Map<String, String> AS_IS =
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

    private final ai.djl.huggingface.tokenizers.HuggingFaceTokenizer rust;
    private final int vocabularySize;
    private final int[] ends;
    private final BitSet hidden = new BitSet();
    private final AddedTokens added;
    private final Set<Integer> thoughtMarks = new HashSet<>();
    private final ByteRuns bytes; // null where no token is a byte
    private final TokenizerFiles files;
    private PlainTokenizer plain; // made when foreign text first contains a special token

    /** Opens a model's tokenizer; one that cannot be used is the user's error. */
    public HuggingFaceTokenizer(TokenizerFiles files) {
        TokenizerJson json = new TokenizerJson(files);
        this.files = files;
        added = json.addedTokens();
        bytes = ByteRuns.of(json.bytes());
        vocabularySize = json.vocabularySize();
        ends = json.ends().stream().mapToInt(Integer::intValue).toArray();
        Set<Integer> special = json.special();
        special.forEach(hidden::set);
        for (String mark : VISIBLE) if (json.addedId(mark) >= 0) thoughtMarks.add(json.addedId(mark));
        thoughtMarks.forEach(hidden::clear);
        rust = rust(files.where(), json.safe());
    }

    static ai.djl.huggingface.tokenizers.HuggingFaceTokenizer rust(String where, byte[] json) {
        try {
            return ai.djl.huggingface.tokenizers.HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json), AS_IS);
        } catch (IOException | RuntimeException e) {
            throw new BadInputException(where + ": not a tokenizer: " + firstLine(e));
        }
    }

    /** Opens {@code tokenizer.json} and the files in the same folder; a model folder or a GGUF file does as well. */
    public static HuggingFaceTokenizer open(Path model) {
        return new HuggingFaceTokenizer(TokenizerFiles.of(model));
    }

    /** The tokenizer of the tiny policy, which ships with the program. */
    public static HuggingFaceTokenizer tiny() {
        try {
            Map<String, byte[]> files = Map.of(
                    "tokenizer.json",
                    tinyFile("tokenizer.json"),
                    "tokenizer_config.json",
                    tinyFile("tokenizer_config.json"));
            return new HuggingFaceTokenizer(new TokenizerFiles("tiny tokenizer", files));
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
        return encode(rust, text);
    }

    @Override
    public int[] encode(MarkedText text) {
        int[] whole = encode(text.string());
        if (!text.foreign(0, text.length())) return whole;
        AddedTokens.Search search = added.search(text);
        int[] ours = search.own().stream()
                .mapToInt(AddedTokens.Found::id)
                .filter(added::special)
                .toArray();
        int[] theirs = Arrays.stream(whole).filter(added::special).toArray();
        if (!search.foreign() && Arrays.equals(ours, theirs)) return whole;
        if (plain == null) plain = new PlainTokenizer(files, rust);
        return plain.encode(text, search.own());
    }

    static int[] encode(ai.djl.huggingface.tokenizers.HuggingFaceTokenizer rust, String text) {
        // Half a surrogate pair is no text; it becomes '?', as everywhere in Java.
        String valid = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Encoding encoding = rust.encode(valid, false, false);
        return Arrays.stream(encoding.getIds()).mapToInt(id -> (int) id).toArray();
    }

    @Override
    public String decode(int[] tokens) {
        long[] ids = Arrays.stream(tokens)
                .filter(id -> id >= 0 && id < vocabularySize && !hidden.get(id))
                .asLongStream()
                .toArray();
        return rust.decode(bytes == null ? ids : bytes.whole(ids), false);
    }

    @Override
    public Set<Integer> thoughtMarks() {
        return Collections.unmodifiableSet(thoughtMarks);
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int endOfText() {
        return ends[0];
    }

    @Override
    public boolean ends(int token) {
        for (int end : ends) if (end == token) return true;
        return false;
    }

    @Override
    public void close() {
        if (plain != null) plain.close();
        rust.close();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
