package io.tramontane.model.chat;

import java.util.List;

/** Messages and the tools that may be called. */
public record Conversation(List<ChatMessage> messages, List<Tool> tools) {}
