package io.tramontane.model.tokenizer;

import java.util.Optional;

/**
 * What the tokenizer of a model in Mistral's own form says of its chats.
 *
 * @param chat version of the chat encoding: 1, 2, 3, 7, 11 or 13
 * @param thinks [THINK] and [/THINK] are tokens
 */
public record MistralVersion(int chat, boolean thinks) {
    /** True where the files hold such a tokenizer. */
    public static boolean isIn(TokenizerFiles files) {
        return MistralTokenizer.choose(files.files().keySet()).isPresent();
    }

    /** Of a model's files; empty where they hold no tokenizer in Mistral's own form. Parses tekken.json: ask once. */
    public static Optional<MistralVersion> of(TokenizerFiles files) {
        byte[] tekken = files.files().get(MistralTokenizer.TEKKEN);
        if (tekken != null) {
            TekkenTokens tokens = TekkenFile.read(files.where() + "/" + MistralTokenizer.TEKKEN, tekken);
            boolean thinks =
                    tokens.specials().contains("[THINK]") && tokens.specials().contains("[/THINK]");
            return Optional.of(
                    new MistralVersion(Integer.parseInt(tokens.version().substring(1)), thinks));
        }
        return MistralTokenizer.choose(files.files().keySet())
                .map(name -> new MistralVersion(MistralTokenizer.version(name), false));
    }
}
