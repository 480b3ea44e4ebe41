package io.tramontane.app.serve;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Conversation;
import java.util.Map;

/**
 * A template for one question, as policies are trained with: the prompt is that of a problem whose statement is the last
 * user message. Other messages, and tools, have no place in it.
 *
 * @param template of problems
 */
public record QuestionFormat(ChatTemplate template) implements ChatFormat {
    private static final long serialVersionUID = 1;

    @Override
    public MarkedText render(Conversation conversation, boolean answerNext) {
        String question = conversation.messages().stream()
                .filter(message -> message.role() == Role.USER)
                .reduce((first, last) -> last)
                .map(ChatMessage::text)
                .orElse("");
        return template.marked(Problem.math("chat", "und", question.isBlank() ? " " : question, "none", Map.of()));
    }
}
