package io.tramontane.model.chat;

import java.util.List;

/**
 * Messages in their order, and the tools that are offered.
 *
 * @param messages at least one
 * @param tools none where the model is not to call any
 */
public record Conversation(List<ChatMessage> messages, List<Tool> tools) {
    /** Copies the lists. */
    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }
}
