package io.tramontane.app.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Chunk;
import io.tramontane.model.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Reads one message of a chat. */
final class MessageReader {
    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant", "tool");

    private MessageReader() {}

    static ChatMessage read(Fields message) {
        Role role =
                switch (message.oneOf("role", null, ROLES)) {
                    case "assistant" -> Role.ASSISTANT;
                    case "user" -> Role.USER;
                    case "tool" -> Role.TOOL;
                    default -> Role.SYSTEM;
                };
        List<Chunk> content = new ArrayList<>();
        List<ToolCall> calls = List.of();
        if (role == Role.ASSISTANT) {
            String reasoning = message.text("reasoning_content", message.text("reasoning", ""));
            if (!reasoning.isEmpty()) content.add(new Chunk.Thinking(reasoning, true));
            calls = calls(message);
        }
        JsonNode value = message.value("content");
        boolean mayLack = !content.isEmpty() || !calls.isEmpty();
        if (value.isTextual()) content.add(new Chunk.Text(value.textValue()));
        else if (value.isArray()) chunks(message, value, content);
        else if (!value.isMissingNode() || !mayLack) throw message.wrong("content", "a string, or an array of chunks");
        String callId = role == Role.TOOL ? message.text("tool_call_id", null) : "";
        String name = message.text("name", "");
        return new ChatMessage(role, content, calls, callId, name);
    }

    private static void chunks(Fields message, JsonNode array, List<Chunk> content) {
        int index = 0;
        for (JsonNode node : array) {
            Fields chunk = Fields.of(node, message.where() + "content[" + index++ + "]");
            String type = chunk.text("type", null);
            if (type.equals("text")) content.add(new Chunk.Text(chunk.text("text", null)));
            else if (type.equals("thinking"))
                content.add(new Chunk.Thinking(thinking(chunk), chunk.flag("closed", true)));
            else throw chunk.wrong("type", "text, thinking: this server reads no images, sounds or files");
        }
    }

    /** A string, or as Mistral's own API has it, an array of texts. */
    private static String thinking(Fields chunk) {
        if (!chunk.value("thinking").isArray()) return chunk.text("thinking", null);
        StringBuilder text = new StringBuilder();
        for (JsonNode part : chunk.value("thinking"))
            text.append(Fields.of(part, chunk.where() + "thinking[]").text("text", null));
        return text.toString();
    }

    private static List<ToolCall> calls(Fields message) {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode node : message.list("tool_calls", Limits.TOOLS)) {
            Fields call = Fields.of(node, message.where() + "tool_calls[" + calls.size() + "]");
            call.oneOf("type", "function", List.of("function"));
            Fields function = call.object("function");
            if (function == null) throw call.wrong("function", "an object");
            calls.add(new ToolCall(call.text("id", ""), function.text("name", null), arguments(function)));
        }
        return calls;
    }

    private static String arguments(Fields function) {
        if (function.value("arguments").isObject())
            return function.value("arguments").toString();
        String text = function.text("arguments", "");
        if (text.isBlank()) return "{}";
        try {
            Texts.STRICT.readTree(text);
            return text;
        } catch (JsonProcessingException e) {
            throw function.wrong("arguments", "JSON in a string");
        }
    }
}
