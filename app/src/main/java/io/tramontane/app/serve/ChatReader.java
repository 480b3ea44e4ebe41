package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.chat.ChatMessage;
import io.tramontane.model.chat.Conversation;
import io.tramontane.model.chat.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads a request of {@code POST /v1/chat/completions}. */
record ChatReader(SettingsReader settings) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    ChatCall read(Fields fields) {
        Unsupported.check(fields);
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : fields.list("messages", Limits.MESSAGES))
            messages.add(MessageReader.read(Fields.of(message, "messages[" + messages.size() + "]")));
        if (messages.isEmpty()) throw ApiError.field("messages", "messages is missing or empty, allowed at least one");
        List<Tool> tools = tools(fields);
        ToolChoice choice = choice(fields, tools);
        boolean json = jsonObject(fields);
        if (json && choice.mode() != ToolChoice.Mode.NONE)
            throw ApiError.field(
                    "response_format",
                    "response_format json_object together with tools is not supported by this server");
        List<Tool> told = choice.mode() == ToolChoice.Mode.NONE ? List.of() : tools;
        boolean many = fields.flag("parallel_tool_calls", true);
        return new ChatCall(settings.chat(fields), new Conversation(messages, told), choice, json, many);
    }

    private static List<Tool> tools(Fields fields) {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode node : fields.list("tools", Limits.TOOLS)) {
            Fields tool = Fields.of(node, "tools[" + tools.size() + "]");
            tool.oneOf("type", null, List.of("function"));
            Fields function = tool.object("function");
            if (function == null) throw tool.wrong("function", "an object");
            String name = function.text("name", null);
            if (!NAME.matcher(name).matches())
                throw function.wrong("name", "1 to 64 letters, digits, '_', '-' and '.'");
            if (tools.stream().anyMatch(other -> other.name().equals(name)))
                throw function.wrong("name", "each name once");
            Fields parameters = function.object("parameters");
            String schema = parameters == null ? "{}" : parameters.node().toString();
            tools.add(new Tool(name, function.text("description", ""), schema));
        }
        return tools;
    }

    private static ToolChoice choice(Fields fields, List<Tool> tools) {
        JsonNode value = fields.value("tool_choice");
        if (value.isMissingNode()) return tools.isEmpty() ? ToolChoice.NONE : ToolChoice.AUTO;
        if (value.isObject()) return named(Fields.of(value, "tool_choice"), tools);
        String mode = fields.oneOf("tool_choice", null, List.of("none", "auto", "required"));
        if (mode.equals("required") && tools.isEmpty())
            throw ApiError.field("tool_choice", "tool_choice required needs tools");
        if (tools.isEmpty() || mode.equals("none")) return ToolChoice.NONE;
        return mode.equals("auto") ? ToolChoice.AUTO : ToolChoice.REQUIRED;
    }

    private static ToolChoice named(Fields choice, List<Tool> tools) {
        choice.oneOf("type", null, List.of("function"));
        Fields function = choice.object("function");
        if (function == null) throw choice.wrong("function", "an object with the name of a tool");
        String name = function.text("name", null);
        if (tools.stream().noneMatch(tool -> tool.name().equals(name)))
            throw function.wrong(
                    "name",
                    "one of the tools: " + tools.stream().map(Tool::name).toList());
        return new ToolChoice(ToolChoice.Mode.NAMED, name);
    }

    private static boolean jsonObject(Fields fields) {
        Fields format = fields.object("response_format");
        if (format == null) return false;
        String type = format.text("type", null);
        if (type.equals("json_schema") || type.equals("structural_tag"))
            throw ApiError.field(
                    "response_format",
                    "response_format.type \"" + type + "\" is not supported by this server, allowed text, json_object");
        return format.oneOf("type", null, List.of("text", "json_object")).equals("json_object");
    }
}
