package io.tramontane.model.chat;

import java.util.List;

/** One message of a conversation. */
public record ChatMessage(Role role, List<Chunk> content, List<ToolCall> toolCalls, String toolCallId, String name) {
    /** Who speaks. */
    public enum Role {
        SYSTEM,
        USER,
        ASSISTANT,
        TOOL
    }
}
