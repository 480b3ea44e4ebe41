package io.tramontane.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.chat.Chunk;
import io.tramontane.model.chat.Tool;
import io.tramontane.model.chat.ToolCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Messages of a training file, as OpenAI and Mistral write them: content as a text, as chunks, or null beside calls of tools.
 * Thoughts are a chunk, a field {@code reasoning_content}, or stand between marks at the start of an assistant's text.
 *
 * @param tags the marks
 */
record ConversationJson(ThinkTags tags) {
    /** A message; what is none is one line that begins with {@code where}. */
    ChatMessage message(JsonNode json, String where) {
        Role role = role(json.path("role"), where);
        List<Chunk> content = new ArrayList<>();
        String thoughts = json.path("reasoning_content").asText("");
        if (!thoughts.isEmpty()) content.add(new Chunk.Thinking(thoughts, true));
        JsonNode said = json.path("content");
        List<ToolCall> calls = calls(json.path("tool_calls"), where);
        if (said.isTextual()) content.addAll(text(role, said.asText()));
        else if (said.isArray()) for (JsonNode chunk : said) content.add(chunk(chunk, where));
        else if (calls.isEmpty() || !said.isNull() && !said.isMissingNode())
            throw new BadInputException(where + ": must be {\"role\": text, \"content\": text}");
        return new ChatMessage(
                role,
                content,
                calls,
                json.path("tool_call_id").asText(""),
                json.path("name").asText(""));
    }

    private static Role role(JsonNode role, String where) {
        return Arrays.stream(Role.values())
                .filter(r -> r.name().toLowerCase(Locale.ROOT).equals(role.asText("")))
                .findFirst()
                .orElseThrow(() -> new BadInputException(where + ": role " + role + ", allowed "
                        + Arrays.stream(Role.values())
                                .map(r -> r.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    /** Thoughts at the start of an assistant's text, and the rest. */
    private List<Chunk> text(Role role, String said) {
        int close = said.indexOf(tags.close());
        if (role != Role.ASSISTANT || !said.startsWith(tags.open()) || close < 0) return List.of(new Chunk.Text(said));
        Chunk thoughts = new Chunk.Thinking(said.substring(tags.open().length(), close), true);
        return List.of(
                thoughts, new Chunk.Text(said.substring(close + tags.close().length())));
    }

    private static Chunk chunk(JsonNode chunk, String where) {
        if (chunk.path("text").isTextual())
            return new Chunk.Text(chunk.path("text").asText());
        if (chunk.path("thinking").isTextual())
            return new Chunk.Thinking(
                    chunk.path("thinking").asText(), chunk.path("closed").asBoolean(true));
        throw new BadInputException(where + ": a chunk of content is neither text nor thinking");
    }

    private static List<ToolCall> calls(JsonNode json, String where) {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : json) {
            JsonNode function = call.path("function");
            JsonNode arguments = function.path("arguments");
            if (!function.path("name").isTextual())
                throw new BadInputException(where + ": tool_calls: function.name is missing or no text");
            String text = arguments.isMissingNode() || arguments.isNull()
                    ? ""
                    : arguments.isTextual() ? arguments.asText() : arguments.toString();
            calls.add(new ToolCall(
                    call.path("id").asText(""), function.path("name").asText(), text));
        }
        return calls;
    }

    /** The tools that a line offers. */
    static List<Tool> tools(JsonNode json, String where) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode tool : json) {
            JsonNode function = tool.path("function");
            if (!function.path("name").isTextual())
                throw new BadInputException(where + ": tools: function.name is missing or no text");
            tools.add(new Tool(
                    function.path("name").asText(),
                    function.path("description").asText(""),
                    function.has("parameters") ? function.path("parameters").toString() : "{}"));
        }
        return tools;
    }
}
