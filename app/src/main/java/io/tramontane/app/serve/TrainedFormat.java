package io.tramontane.app.serve;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.MarkedText;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Conversation;

/**
 * The model's own format, but a single question has the prompt that the policy was trained with.
 *
 * @param format of other conversations
 * @param template of problems
 */
public record TrainedFormat(ChatFormat format, ChatTemplate template) implements ChatFormat {
    private static final long serialVersionUID = 1;

    @Override
    public MarkedText render(Conversation conversation, boolean answerNext) {
        boolean question = conversation.tools().isEmpty()
                && conversation.messages().size() == 1
                && conversation.messages().get(0).role() == Role.USER;
        return question
                ? new QuestionFormat(template).render(conversation, answerNext)
                : format.render(conversation, answerNext);
    }
}
