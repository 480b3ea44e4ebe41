package io.tramontane.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ChatMessage.Role;
import io.tramontane.model.jinja.PythonJson;
import io.tramontane.model.tokenizer.MistralVersion;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Mistral's own chat encoding by the version that the tokenizer states: the tokens of mistral-common. What the versions differ
 * in:
 *
 * <pre>
 *  1       no tools; the system prompt stands before the first user message, blanks inside the instruction marks
 *  2, 3    tools before the last user message; the system prompt before its text
 *  7       a system message of its own, [SYSTEM_PROMPT]; a result is [TOOL_RESULTS] id [TOOL_CONTENT] text
 *  11      a call is [TOOL_CALLS] name [CALL_ID] id [ARGS] arguments; results in the order of calls
 *  13      tools before the first user message; no ids; thoughts between [THINK] and [/THINK]
 * </pre>
 *
 * Versions 1 and 2 leave out calls and results of earlier turns, as mistral-common does.
 */
public final class MistralChat implements ChatFormat {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final String BLANK_LINE = "\n\n";

    private final String where;
    private final int version;
    private final boolean thinks;

    /**
     * Of a version.
     *
     * @param where for errors
     * @param thinks the tokenizer has [THINK] and [/THINK]
     */
    MistralChat(String where, int version, boolean thinks) {
        this.where = where;
        this.version = version;
        this.thinks = thinks;
    }

    /** Of a model whose files are Mistral's own; empty for others. */
    public static Optional<MistralChat> of(TokenizerFiles files) {
        return MistralVersion.of(files)
                .map(version -> new MistralChat(files.where(), version.chat(), version.thinks()));
    }

    /** The version of the encoding. */
    public int version() {
        return version;
    }

    @Override
    public MarkedText render(Conversation conversation, boolean answerNext) {
        List<ChatMessage> messages = MistralMessages.merged(conversation.messages(), version);
        check(messages, answerNext);
        int first = -1;
        int last = -1;
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() != Role.USER) continue;
            if (first < 0) first = i;
            last = i;
        }
        String system = version < 7 ? MistralMessages.systemPrompt(conversation.messages()) : "";
        MarkedText.Builder text = new MarkedText.Builder().append("<s>");
        for (int i = 0; i < messages.size(); i++) {
            ChatMessage message = messages.get(i);
            switch (message.role()) {
                case SYSTEM -> chunks(message, text.append("[SYSTEM_PROMPT]")).append("[/SYSTEM_PROMPT]");
                case USER -> {
                    if (i == (version >= 13 ? first : last)) tools(conversation.tools(), text);
                    user(message, i == (version == 1 ? first : last) ? system : "", text);
                }
                case ASSISTANT -> assistant(message, i < last, text);
                case TOOL -> result(message, i < last, text);
            }
        }
        return text.build();
    }

    /** A prompt of one problem: a system prompt of the program's, in which marks of thoughts are tokens, and a statement. */
    MarkedText prompt(MarkedText system, String statement) {
        MarkedText.Builder text = new MarkedText.Builder().append("<s>");
        boolean own = version >= 7 && !system.isEmpty();
        if (own) text.append("[SYSTEM_PROMPT]").append(system).append("[/SYSTEM_PROMPT]");
        MarkedText before = own || system.isEmpty() ? MarkedText.EMPTY : system.plus(foreign(BLANK_LINE));
        MarkedText said = before.plus(foreign(statement));
        if (version == 1)
            return text.append(foreign("[INST] ").plus(said).plus(foreign(" [/INST]")))
                    .build();
        return text.append("[INST]").append(said).append("[/INST]").build();
    }

    private void check(List<ChatMessage> messages, boolean answerNext) {
        if (messages.isEmpty()) throw bad("the conversation has no messages");
        ChatMessage last = messages.get(messages.size() - 1);
        if (answerNext && (last.role() == Role.ASSISTANT || last.role() == Role.SYSTEM))
            throw bad("the last message is the " + last.role().name().toLowerCase(Locale.ROOT)
                    + "'s, allowed user and tool before an answer");
        for (ChatMessage message : messages)
            if (message.thinks() && message.role() != Role.ASSISTANT && !thinks)
                throw bad("a message has thoughts, and the tokenizer has no [THINK]");
    }

    private BadInputException bad(String why) {
        return new BadInputException(where + ": chat of version " + version + ": " + why);
    }

    private void tools(List<Tool> tools, MarkedText.Builder text) {
        if (tools.isEmpty() || version == 1) return; // as mistral-common
        ArrayNode list = JSON.createArrayNode();
        for (Tool tool : tools) {
            ObjectNode function = list.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name()).put("description", tool.description());
            function.set("parameters", parsed(tool.parameters().isBlank() ? "{}" : tool.parameters()));
        }
        text.append("[AVAILABLE_TOOLS]").append(foreign(PythonJson.dumps(list))).append("[/AVAILABLE_TOOLS]");
    }

    private void user(ChatMessage message, String system, MarkedText.Builder text) {
        String said = (system.isEmpty() ? "" : system + BLANK_LINE) + message.text();
        if (version == 1) {
            text.append(foreign("[INST] " + said + " [/INST]"));
            return;
        }
        text.append("[INST]");
        if (message.thinks()) chunks(message, text);
        else text.append(foreign(said));
        text.append("[/INST]");
    }

    private void assistant(ChatMessage message, boolean beforeLastUser, MarkedText.Builder text) {
        if (version < 3 && beforeLastUser && !message.toolCalls().isEmpty()) return;
        if (thinks) chunks(message, text);
        else text.append(foreign((version == 1 ? " " : "") + blanksCut(message.text()))); // a blank begins a piece
        calls(message.toolCalls(), text);
        text.append("</s>");
    }

    private String blanksCut(String said) {
        return version == 1 ? said : said.replaceFirst(" +$", "");
    }

    private MarkedText.Builder chunks(ChatMessage message, MarkedText.Builder text) {
        boolean only = !message.thinks();
        for (Chunk chunk : message.content()) {
            if (chunk instanceof Chunk.Thinking thoughts) {
                text.append(ThinkTags.SQUARE.open()).append(foreign(thoughts.text()));
                if (thoughts.closed()) text.append(ThinkTags.SQUARE.close());
            } else if (chunk instanceof Chunk.Text said) {
                boolean cut = only && message.role() == Role.ASSISTANT;
                text.append(foreign(cut ? blanksCut(said.text()) : said.text()));
            }
        }
        return text;
    }

    private void calls(List<ToolCall> calls, MarkedText.Builder text) {
        if (calls.isEmpty()) return;
        if (version == 1) throw bad("an assistant calls tools, this version knows none");
        if (version < 11) {
            ArrayNode list = JSON.createArrayNode();
            for (ToolCall call : calls) {
                ObjectNode json = list.addObject().put("name", call.name());
                json.set("arguments", value(call.arguments()));
                if (version >= 3 && !call.id().isEmpty()) json.put("id", call.id());
            }
            text.append("[TOOL_CALLS]").append(foreign(PythonJson.dumps(list)));
            return;
        }
        for (ToolCall call : calls) {
            text.append("[TOOL_CALLS]").append(foreign(call.name()));
            if (version < 13 && !call.id().isEmpty()) text.append("[CALL_ID]").append(foreign(call.id()));
            text.append("[ARGS]").append(foreign(PythonJson.dumps(value(call.arguments()))));
        }
    }

    private void result(ChatMessage message, boolean beforeLastUser, MarkedText.Builder text) {
        if (version == 1) throw bad("a tool answers, this version knows none");
        if (version < 3 && beforeLastUser) return;
        text.append("[TOOL_RESULTS]");
        if (version < 7) {
            ObjectNode json = JSON.createObjectNode();
            if (version == 2) json.put("name", message.name());
            json.set("content", value(message.text()));
            if (version == 3) json.put("call_id", message.toolCallId());
            JsonNode whole = version == 2 ? JSON.createArrayNode().add(json) : json;
            text.append(foreign(PythonJson.dumps(whole)));
        } else {
            if (version < 13) text.append(foreign(message.toolCallId())).append("[TOOL_CONTENT]");
            text.append(foreign(message.text()));
        }
        text.append("[/TOOL_RESULTS]");
    }

    private static MarkedText foreign(String text) {
        return MarkedText.foreign(text);
    }

    /** The value that a text is as JSON; the text itself where it is none; an empty object where it is empty. */
    private static JsonNode value(String text) {
        if (text.isEmpty()) return JSON.createObjectNode();
        try {
            JsonNode node = JsonReading.strict().readTree(text);
            return node == null || node.isMissingNode() ? JSON.getNodeFactory().textNode(text) : node;
        } catch (JsonProcessingException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    private JsonNode parsed(String schema) {
        try {
            return JSON.readTree(schema);
        } catch (JsonProcessingException e) {
            throw bad("parameters of a tool are not JSON: " + JsonReading.fault(e));
        }
    }
}
