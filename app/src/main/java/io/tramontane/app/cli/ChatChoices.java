package io.tramontane.app.cli;

import io.tramontane.app.serve.QuestionFormat;
import io.tramontane.cluster.config.Config;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.time.LocalDate;
import java.util.Optional;

/** Which format a served model's chats have. */
final class ChatChoices {
    private ChatChoices() {}

    static ChatFormat format(String chat, Optional<Config> run, TokenizerFiles files, LocalDate today) {
        return new QuestionFormat(ChatTemplates.TINY, ThinkTags.ANGLE);
    }
}
