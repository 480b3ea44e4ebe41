package io.tramontane.app.serve;

import io.tramontane.data.ChatTemplate;
import io.tramontane.data.Problem;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatFormat;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Chunk;
import io.tramontane.model.chat.Conversation;
import io.tramontane.model.tokenizer.Tokenizer;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A template for one question, as policies are trained with: the prompt is that of a problem whose statement is the last
 * user message. Other messages, and tools, have no place in it.
 *
 * @param template of problems
 * @param tags the marks of thoughts that it asks for
 */
public record QuestionFormat(ChatTemplate template, ThinkTags tags) implements ChatFormat {
    @Override
    public int[] encode(Conversation conversation, boolean answerNext, Tokenizer tokenizer) {
        String question = conversation.messages().stream()
                .filter(message -> message.role() == Role.USER)
                .reduce((first, last) -> last)
                .map(QuestionFormat::text)
                .orElse("");
        Problem problem = Problem.math("chat", "und", question.isBlank() ? " " : question, "none", Map.of());
        return tokenizer.encode(template.marked(problem));
    }

    private static String text(ChatMessage message) {
        return message.content().stream()
                .filter(Chunk.Text.class::isInstance)
                .map(chunk -> ((Chunk.Text) chunk).text())
                .collect(Collectors.joining());
    }

    @Override
    public String opening() {
        return "";
    }
}
