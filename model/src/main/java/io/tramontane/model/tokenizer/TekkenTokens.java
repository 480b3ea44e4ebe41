package io.tramontane.model.tokenizer;

import io.tramontane.data.BadInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tokens of a tekken.json. Ids: the special tokens first, by rank, then the tokens of bytes, by rank.
 *
 * @param version Mistral's name of the chat encoding, such as v13
 * @param pattern cuts text into pieces that are merged on their own; a regular expression
 * @param specials by id, as many as the file sets aside
 * @param tokens by rank; each character is a byte
 */
record TekkenTokens(String version, String pattern, List<String> specials, List<String> tokens) {
    private static final List<String> VERSIONS = List.of("v1", "v2", "v3", "v7", "v11", "v13", "v15");
    private static final int MOST_SPECIALS = 100_000;
    private static final int BYTES = 256;

    /** What a file without special_tokens means, which is allowed up to this version. */
    private static final List<String> OLD = List.of(
            "<unk>",
            "<s>",
            "</s>",
            "[INST]",
            "[/INST]",
            "[AVAILABLE_TOOLS]",
            "[/AVAILABLE_TOOLS]",
            "[TOOL_RESULTS]",
            "[/TOOL_RESULTS]",
            "[TOOL_CALLS]",
            "[IMG]",
            "<pad>",
            "[IMG_BREAK]",
            "[IMG_END]",
            "[PREFIX]",
            "[MIDDLE]",
            "[SUFFIX]",
            "[SYSTEM_PROMPT]",
            "[/SYSTEM_PROMPT]",
            "[TOOL_CONTENT]");

    private static final String LAST_OLD = "v7";

    /** An entry of special_tokens. */
    record Special(int rank, String content) {}

    /** What config says: all ids, and those of them that are special. */
    record Sizes(int vocabulary, int specials) {}

    /**
     * Checks what a file holds, and cuts it to what its config says.
     *
     * @param where names the file in errors
     * @param vocab all tokens of the file; those beyond the config's size are no tokens of the model
     * @param special null where the file lists none
     */
    static TekkenTokens of(
            String where, String version, String pattern, List<String> vocab, List<Special> special, Sizes sizes) {
        if (!VERSIONS.contains(version))
            throw new BadInputException(
                    where + ": config.version " + shown(version) + ", allowed " + String.join(", ", VERSIONS));
        if (sizes.specials < 1 || sizes.specials > MOST_SPECIALS)
            throw new BadInputException(where + ": config.default_num_special_tokens " + sizes.specials
                    + ", allowed 1 to " + MOST_SPECIALS);
        int inner = sizes.vocabulary - sizes.specials;
        if (inner < BYTES || inner > vocab.size())
            throw new BadInputException(where + ": config.default_vocab_size " + sizes.vocabulary + " with "
                    + sizes.specials + " special tokens and " + vocab.size() + " in vocab, allowed "
                    + (sizes.specials + BYTES) + " to " + (sizes.specials + vocab.size()));
        List<String> tokens = List.copyOf(vocab.subList(0, inner));
        checkBytes(where, tokens);
        return new TekkenTokens(version, pattern, specials(where, version, special, sizes.specials), tokens);
    }

    private static void checkBytes(String where, List<String> tokens) {
        Set<String> seen = new HashSet<>(2 * tokens.size());
        for (int rank = 0; rank < tokens.size(); rank++) {
            String token = tokens.get(rank);
            if (rank < BYTES && (token.length() != 1 || token.charAt(0) != rank))
                throw new BadInputException(where + ": vocab[" + rank + "] is not the byte " + rank
                        + ": the first 256 are the single bytes");
            if (!seen.add(token))
                throw new BadInputException(
                        where + ": vocab[" + rank + "] has the bytes of vocab[" + tokens.indexOf(token) + "]");
        }
    }

    private static List<String> specials(String where, String version, List<Special> special, int count) {
        if (special == null && VERSIONS.indexOf(version) > VERSIONS.indexOf(LAST_OLD))
            throw new BadInputException(
                    where + ": special_tokens is missing; only versions up to " + LAST_OLD + " do without");
        int given = special == null ? OLD.size() : special.size();
        if (given > count)
            throw new BadInputException(
                    where + ": " + given + " special tokens, config.default_num_special_tokens allows " + count);
        String[] names = new String[count];
        for (int rank = given; rank < count; rank++) names[rank] = "<SPECIAL_" + rank + ">";
        if (special == null) for (int rank = 0; rank < given; rank++) names[rank] = OLD.get(rank);
        else
            for (Special one : special) {
                if (one.rank < 0 || one.rank >= given || names[one.rank] != null)
                    throw new BadInputException(where + ": special_tokens rank " + one.rank + " of "
                            + shown(one.content) + ", allowed 0 to " + (given - 1) + ", each once");
                names[one.rank] = one.content;
            }
        Set<String> seen = new HashSet<>();
        for (String name : names)
            if (!seen.add(name))
                throw new BadInputException(where + ": the special token " + shown(name) + " is there twice");
        if (!seen.contains("</s>")) throw new BadInputException(where + ": special_tokens has no </s>");
        return new ArrayList<>(Arrays.asList(names));
    }

    private static String shown(String text) {
        return "\"" + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + "\"";
    }
}
