package io.tramontane.app.cli;

import io.tramontane.app.serve.QuestionFormat;
import io.tramontane.app.serve.SystemFormat;
import io.tramontane.app.serve.TrainedFormat;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.chat.SystemPrompt;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.time.LocalDate;

/**
 * How a served model's chats are written.
 *
 * @param name of the chat template; empty for the model's own, and for "tiny" where a small model has none
 * @param system the run's system prompt, empty for the template's
 */
record ServedChat(String name, String system) {
    private static final String OWN = "model-plain";

    /** The marks of the model's thoughts. */
    ThinkTags tags(TokenizerFiles files, boolean small) {
        return ChatTemplates.thinkTags(named(files, small), files);
    }

    ChatFormat format(TokenizerFiles files, boolean small, LocalDate today) {
        String chat = named(files, small);
        return switch (chat) {
            case "model", "model-tokens" ->
                new TrainedFormat(own(files, today), ChatTemplates.named(chat, system, files, today));
            case OWN -> own(files, today);
            case "model-system" ->
                new SystemFormat(
                        own(files, today),
                        ChatMessage.of(
                                Role.SYSTEM,
                                SystemPrompt.chunks(SystemPrompt.of(files)
                                        .orElseThrow(() -> new BadInputException(files.where()
                                                + ": no SYSTEM_PROMPT.txt, which --chat model-system needs")))));
            default -> new QuestionFormat(ChatTemplates.named(chat, system, files, today));
        };
    }

    private String named(TokenizerFiles files, boolean small) {
        if (!name.isEmpty() && !ChatTemplates.NAMES.contains(name))
            throw new BadInputException("--chat " + name + ", allowed " + String.join(", ", ChatTemplates.NAMES));
        if (!name.isEmpty()) return name;
        if (ChatTemplates.hasOwnChat(files)) return OWN;
        if (small) return "tiny";
        throw new BadInputException(
                files.where() + ": has no chat template, name one with --chat, allowed tiny, magistral");
    }

    private static ChatFormat own(TokenizerFiles files, LocalDate today) {
        return ChatFormat.of(files, today)
                .orElseThrow(() -> new BadInputException(files.where() + ": has no chat template of its own"));
    }
}
