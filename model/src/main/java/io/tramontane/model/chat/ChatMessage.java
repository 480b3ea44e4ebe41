package io.tramontane.model.chat;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One message of a conversation. All texts in it are data: control strings are text.
 *
 * @param role who says it
 * @param content what is said, perhaps nothing
 * @param toolCalls calls that an assistant makes
 * @param toolCallId which call a tool answers, empty where it is not said
 * @param name of the tool that answers, empty where it is not said
 */
public record ChatMessage(Role role, List<Chunk> content, List<ToolCall> toolCalls, String toolCallId, String name) {
    /** Who says something. */
    public enum Role {
        /** Sets how the model behaves. */
        SYSTEM,
        /** Asks. */
        USER,
        /** The model. */
        ASSISTANT,
        /** The result of a call. */
        TOOL
    }

    /** Copies the lists. */
    public ChatMessage {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
    }

    /** A text. */
    public static ChatMessage of(Role role, String text) {
        return of(role, text.isEmpty() ? List.of() : List.of(new Chunk.Text(text)));
    }

    /** Some chunks. */
    public static ChatMessage of(Role role, List<Chunk> content) {
        return new ChatMessage(role, content, List.of(), "", "");
    }

    /** The texts without thoughts, an empty line between two of them. */
    public String text() {
        return content.stream()
                .filter(Chunk.Text.class::isInstance)
                .map(chunk -> ((Chunk.Text) chunk).text())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n\n"));
    }

    /** The thoughts, an empty line between two of them. */
    public String thoughts() {
        return content.stream()
                .filter(Chunk.Thinking.class::isInstance)
                .map(chunk -> ((Chunk.Thinking) chunk).text())
                .collect(Collectors.joining("\n\n"));
    }

    /** Whether there are thoughts among its content. */
    public boolean thinks() {
        return content.stream().anyMatch(Chunk.Thinking.class::isInstance);
    }
}
