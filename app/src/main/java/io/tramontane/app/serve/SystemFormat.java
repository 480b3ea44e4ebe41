package io.tramontane.app.serve;

import io.tramontane.data.MarkedText;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Conversation;
import java.util.ArrayList;
import java.util.List;

/**
 * A format in which a conversation without a system message gets one.
 *
 * @param format of the whole
 * @param system the message
 */
public record SystemFormat(ChatFormat format, ChatMessage system) implements ChatFormat {
    private static final long serialVersionUID = 1;

    @Override
    public MarkedText render(Conversation conversation, boolean answerNext) {
        if (conversation.messages().stream().anyMatch(message -> message.role() == Role.SYSTEM))
            return format.render(conversation, answerNext);
        List<ChatMessage> messages = new ArrayList<>(List.of(system));
        messages.addAll(conversation.messages());
        return format.render(new Conversation(messages, conversation.tools()), answerNext);
    }
}
