package io.tramontane.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Encodes text in which control strings are text. Special tokens that are ours are put in by their ids; what stands between two of
 * them is encoded whole, by a tokenizer that has no special tokens, so that foreign and own characters merge as they always do.
 */
final class PlainTokenizer implements AutoCloseable {
    private final String where;
    private final HuggingFaceTokenizer marked;
    private final HuggingFaceTokenizer first;
    private final HuggingFaceTokenizer continued;

    PlainTokenizer(TokenizerFiles files) {
        where = files.where();
        byte[] safe = new TokenizerJson(files).safe();
        marked = io.tramontane.data.HuggingFaceTokenizer.rust(where, safe);
        first = io.tramontane.data.HuggingFaceTokenizer.rust(where, AddedTokens.plain(safe, false));
        continued = io.tramontane.data.HuggingFaceTokenizer.rust(where, AddedTokens.plain(safe, true));
    }

    /** Ids of a text whose special tokens were found. */
    int[] encode(MarkedText text, List<AddedTokens.Found> own) {
        check(text, own);
        return pieces(text.string(), own);
    }

    private int[] pieces(String text, List<AddedTokens.Found> own) {
        IntStream ids = IntStream.empty();
        int from = 0;
        for (AddedTokens.Found token : own) {
            ids = IntStream.concat(ids, piece(text, from, token.from()));
            ids = IntStream.concat(ids, IntStream.of(token.id()));
            from = token.to();
        }
        return IntStream.concat(ids, piece(text, from, text.length())).toArray();
    }

    private IntStream piece(String text, int from, int to) {
        if (from >= to) return IntStream.empty();
        int[] ids =
                io.tramontane.data.HuggingFaceTokenizer.encode(from == 0 ? first : continued, text.substring(from, to));
        return Arrays.stream(ids);
    }

    /**
     * What is found here must be what the tokenizer finds, with foreign text out of its way: a normalizer can make tokens out of other
     * characters. Else nobody knows which of the template's marks are tokens.
     */
    private void check(MarkedText text, List<AddedTokens.Found> own) {
        StringBuilder harmless = new StringBuilder(text.string());
        for (int i = 0; i < harmless.length(); i++) if (text.foreign(i, i + 1)) harmless.setCharAt(i, 'x');
        int[] theirs = io.tramontane.data.HuggingFaceTokenizer.encode(marked, harmless.toString());
        if (!Arrays.equals(theirs, pieces(harmless.toString(), own)))
            throw new BadInputException(
                    where + ": a text holds control strings, and this tokenizer's normalizer does not let"
                            + " them be told from the template's own");
    }

    @Override
    public void close() {
        marked.close();
        first.close();
        continued.close();
    }
}
