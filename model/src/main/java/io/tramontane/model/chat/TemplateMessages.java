package io.tramontane.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A conversation as transformers gives it to a chat template.
 *
 * @param where for errors
 * @param chunks the template reads thoughts as chunks of the content; otherwise they are {@code reasoning_content}
 * @param inline thoughts are text between these marks, which are tokens where the model has them
 */
record TemplateMessages(String where, boolean chunks, Optional<ThinkTags> inline) {
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> OBJECT = new TypeReference<>() {};

    List<Map<String, Object>> of(Conversation conversation) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (ChatMessage message : conversation.messages()) messages.add(of(message));
        return messages;
    }

    private Map<String, Object> of(ChatMessage message) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", MarkedText.own(message.role().name().toLowerCase(Locale.ROOT)));
        map.put("content", content(message));
        if (!chunks && inline.isEmpty() && message.thinks()) map.put("reasoning_content", message.thoughts());
        if (!message.toolCalls().isEmpty())
            map.put("tool_calls", message.toolCalls().stream().map(this::call).toList());
        if (message.role() == Role.TOOL && !message.toolCallId().isEmpty())
            map.put("tool_call_id", message.toolCallId());
        if (message.role() == Role.TOOL && !message.name().isEmpty()) map.put("name", message.name());
        return map;
    }

    private Object content(ChatMessage message) {
        if (!message.thinks()) return message.text();
        if (inline.isEmpty()) return chunks ? pieces(message) : message.text();
        MarkedText.Builder text = new MarkedText.Builder();
        for (Chunk chunk : message.content()) {
            if (chunk instanceof Chunk.Thinking thoughts)
                text.append(inline.get().open())
                        .append(MarkedText.foreign(thoughts.text()))
                        .append(inline.get().close());
            else if (chunk instanceof Chunk.Text said) text.append(MarkedText.foreign(said.text()));
        }
        return text.build();
    }

    private static List<Map<String, Object>> pieces(ChatMessage message) {
        List<Map<String, Object>> pieces = new ArrayList<>();
        for (Chunk chunk : message.content()) {
            Map<String, Object> piece = new LinkedHashMap<>();
            if (chunk instanceof Chunk.Thinking thoughts) {
                piece.put("type", MarkedText.own("thinking"));
                piece.put("thinking", thoughts.text());
                piece.put("closed", thoughts.closed());
            } else if (chunk instanceof Chunk.Text said) {
                piece.put("type", MarkedText.own("text"));
                piece.put("text", said.text());
            }
            pieces.add(piece);
        }
        return pieces;
    }

    private Map<String, Object> call(ToolCall call) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", arguments(call.arguments()));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", call.id());
        map.put("type", MarkedText.own("function"));
        map.put("function", function);
        return map;
    }

    /** An object where the text is one, as templates expect; the text where it is not. */
    private static Object arguments(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode ? JSON.readValue(text, OBJECT) : text;
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    /** Null without tools, which templates ask for. */
    List<Map<String, Object>> tools(Conversation conversation) {
        if (conversation.tools().isEmpty()) return null;
        List<Map<String, Object>> tools = new ArrayList<>();
        for (Tool tool : conversation.tools()) {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", tool.name());
            function.put("description", tool.description());
            function.put("parameters", schema(tool));
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("type", MarkedText.own("function"));
            map.put("function", function);
            tools.add(map);
        }
        return tools;
    }

    private Map<String, Object> schema(Tool tool) {
        try {
            return JSON.readValue(tool.parameters().isBlank() ? "{}" : tool.parameters(), OBJECT);
        } catch (JsonProcessingException e) {
            throw new BadInputException(
                    where + ": parameters of the tool " + tool.name() + " are no JSON object: " + JsonReading.fault(e));
        }
    }
}
