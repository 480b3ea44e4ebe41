package io.tramontane.model.chat;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.model.tokenizer.TokenizerJson;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a model's tokenizer and chat template show about how it was trained.
 *
 * @param think [THINK] is a token: Magistral from 2507 on
 * @param system [SYSTEM_PROMPT] is a token: Mistral's models from 2501 on
 * @param magistral a reasoning model by Mistral: with [THINK], or with [SYSTEM_PROMPT] and a template or a system prompt of its
 *     own that writes {@code <think>}, as those of 2506 do
 */
public record Marks(boolean think, boolean system, boolean magistral) {
    /** Parses tokenizer.json, which may be large: ask once. */
    public static Marks of(TokenizerFiles files) {
        Set<String> added = new TokenizerJson(files).added();
        boolean think = added.contains(ThinkTags.SQUARE.open());
        boolean system = added.contains("[SYSTEM_PROMPT]");
        boolean writes = Stream.concat(ModelChat.text(files).stream(), SystemPrompt.of(files).stream())
                .anyMatch(text -> text.contains(ThinkTags.ANGLE.open()));
        return new Marks(think, system, think || (system && writes));
    }
}
