package io.tramontane.model.chat;

import io.tramontane.model.chat.ChatMessage.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Messages as mistral-common puts them in order before it encodes them: messages of the same role that follow each other are
 * one, texts within a message are joined by an empty line.
 */
final class MistralMessages {
    private static final String BLANK_LINE = "\n\n";

    private MistralMessages() {}

    /** The messages of a version's encoding; up to version 3 without system messages. */
    static List<ChatMessage> merged(List<ChatMessage> messages, int version) {
        List<ChatMessage> merged = new ArrayList<>();
        List<ChatMessage> run = new ArrayList<>();
        for (ChatMessage message : messages) {
            if (!run.isEmpty() && run.get(0).role() != message.role()) flush(run, version, merged);
            run.add(message);
        }
        flush(run, version, merged);
        if (version < 7 && (merged.isEmpty() || merged.get(0).role() != Role.USER))
            merged.add(0, ChatMessage.of(Role.USER, ""));
        return merged;
    }

    private static void flush(List<ChatMessage> run, int version, List<ChatMessage> merged) {
        if (run.isEmpty()) return;
        switch (run.get(0).role()) {
            case SYSTEM -> {
                if (version >= 7) run.forEach(message -> merged.add(with(message, joined(List.of(message)))));
            }
            case TOOL -> merged.addAll(results(run, version, merged));
            case USER -> merged.add(ChatMessage.of(Role.USER, joined(run)));
            case ASSISTANT ->
                merged.add(new ChatMessage(
                        Role.ASSISTANT,
                        joined(run),
                        run.stream().flatMap(m -> m.toolCalls().stream()).toList(),
                        "",
                        ""));
        }
        run.clear();
    }

    /** From version 11 on results stand in the order of the calls; those of unknown calls come last, as they were. */
    private static List<ChatMessage> results(List<ChatMessage> run, int version, List<ChatMessage> before) {
        List<ChatMessage> results = new ArrayList<>();
        for (ChatMessage message : run) results.add(with(message, joined(List.of(message))));
        if (version < 11) return results;
        List<String> calls = before.isEmpty()
                ? List.of()
                : before.get(before.size() - 1).toolCalls().stream()
                        .map(ToolCall::id)
                        .toList();
        results.sort(Comparator.comparingInt(message -> {
            int at = calls.lastIndexOf(message.toolCallId());
            return at < 0 ? Integer.MAX_VALUE : at;
        }));
        return results;
    }

    private static ChatMessage with(ChatMessage message, List<Chunk> content) {
        return new ChatMessage(message.role(), content, message.toolCalls(), message.toolCallId(), message.name());
    }

    /** All content in order; texts that follow each other become one. */
    private static List<Chunk> joined(List<ChatMessage> messages) {
        List<Chunk> all = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (ChatMessage message : messages)
            for (Chunk chunk : message.content()) {
                if (chunk instanceof Chunk.Text said) {
                    if (said.text().isEmpty()) continue;
                    text.append(text.isEmpty() ? "" : BLANK_LINE).append(said.text());
                    continue;
                }
                if (!text.isEmpty()) all.add(new Chunk.Text(text.toString()));
                text.setLength(0);
                all.add(chunk);
            }
        if (!text.isEmpty()) all.add(new Chunk.Text(text.toString()));
        return all;
    }

    /** The system prompts of a conversation as one. */
    static String systemPrompt(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> message.role() == Role.SYSTEM)
                .map(ChatMessage::text)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(BLANK_LINE));
    }
}
