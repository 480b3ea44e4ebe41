package io.tramontane.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.tramontane.data.BadInputException;
import io.tramontane.data.MarkedText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encodes text in which control strings are text. Special tokens that are ours are put in by their ids; what stands
 * between two of them is encoded whole, by a tokenizer that has no special tokens, so that foreign and own characters
 * merge as they always do.
 */
final class PlainTokenizer implements AutoCloseable {
    private final String where;
    private final HuggingFaceTokenizer marked;
    private final HuggingFaceTokenizer first;
    private final HuggingFaceTokenizer continued;

    /** {@code marked} is the tokenizer as it is; who opened it closes it. */
    PlainTokenizer(TokenizerFiles files, HuggingFaceTokenizer marked) {
        TokenizerJson json = new TokenizerJson(files);
        byte[] safe = json.safe();
        this.where = files.where();
        this.marked = marked;
        first = io.tramontane.model.tokenizer.HuggingFaceTokenizer.rust(
                where, json.addedTokens().plain(safe, false));
        boolean same = !new String(safe, StandardCharsets.UTF_8).contains("\"prepend_scheme\":\"first\"");
        continued = same
                ? first
                : io.tramontane.model.tokenizer.HuggingFaceTokenizer.rust(
                        where, json.addedTokens().plain(safe, true));
    }

    /** Ids of a text whose special tokens were found. */
    int[] encode(MarkedText text, List<AddedTokens.Found> own) {
        check(text, own);
        return pieces(text.string(), own);
    }

    private int[] pieces(String text, List<AddedTokens.Found> own) {
        IntStream.Builder ids = IntStream.builder();
        int from = 0;
        for (AddedTokens.Found token : own) {
            for (int id : piece(text, from, token.from())) ids.add(id);
            ids.add(token.id());
            from = token.to();
        }
        for (int id : piece(text, from, text.length())) ids.add(id);
        return ids.build().toArray();
    }

    private int[] piece(String text, int from, int to) {
        if (from >= to) return new int[0];
        return io.tramontane.model.tokenizer.HuggingFaceTokenizer.encode(
                from == 0 ? first : continued, text.substring(from, to));
    }

    /**
     * The tokens found here must be those that the tokenizer finds once foreign text is replaced: a normalizer can turn
     * other characters into tokens. Otherwise it is unknown which of the template's marks are tokens.
     */
    private void check(MarkedText text, List<AddedTokens.Found> own) {
        StringBuilder harmless = new StringBuilder(text.string());
        for (int i = 0; i < harmless.length(); i++) if (text.foreign(i, i + 1)) harmless.setCharAt(i, 'x');
        int[] theirs = io.tramontane.model.tokenizer.HuggingFaceTokenizer.encode(marked, harmless.toString());
        if (!Arrays.equals(theirs, pieces(harmless.toString(), own)))
            throw new BadInputException(
                    where + ": a text holds control strings, and this tokenizer's normalizer does not let"
                            + " them be told from the template's own");
    }

    @Override
    public void close() {
        first.close();
        if (continued != first) continued.close();
    }
}
