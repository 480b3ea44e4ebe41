package io.tramontane.model.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.ChatTemplate;
import io.tramontane.data.JsonReading;
import io.tramontane.data.MarkedText;
import io.tramontane.data.Problem;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.jinja.JinjaTemplate;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The chat template that comes with a model: {@code chat_template.jinja}, or {@code chat_template} in
 * tokenizer_config.json or else in chat_template.json (a text, or a list of named texts of which "default" counts),
 * rendered as transformers renders it. A problem becomes a system turn (if there is a system prompt) and a user turn; the
 * completion starts where the model's answer would.
 */
public final class ModelChat implements ChatTemplate, ChatFormat {
    private static final long serialVersionUID = 1;
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final List<String> SPECIAL =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final String NONE =
            ": the model has no chat template (neither chat_template.jinja nor chat_template in "
                    + "tokenizer_config.json or chat_template.json)";

    private final String where;
    private final String text;
    private final HashMap<String, String> specialTokens;
    private final String system;
    private final LocalDate today;
    private transient JinjaTemplate template;

    private ModelChat(
            String where, String text, HashMap<String, String> specialTokens, String system, LocalDate today) {
        this.where = where;
        this.text = text;
        this.specialTokens = specialTokens;
        this.system = system;
        this.today = today;
        template();
    }

    /**
     * The template among a model's files.
     *
     * @param system the system prompt, empty for none
     * @param today what the template is told that asks for the date; its clock stands at midnight
     */
    public static ModelChat of(TokenizerFiles files, String system, LocalDate today) {
        return new ModelChat(
                files.where() + ": chat template",
                text(files).orElseThrow(() -> new BadInputException(files.where() + NONE)),
                special(json(files, "tokenizer_config.json")),
                system,
                today);
    }

    /** True if these files hold a chat template. */
    public static boolean isIn(TokenizerFiles files) {
        return text(files).isPresent();
    }

    private static JsonNode json(TokenizerFiles files, String name) {
        try {
            return JSON.readTree(files.files().getOrDefault(name, new byte[] {'{', '}'}));
        } catch (IOException e) {
            throw new BadInputException(files.where() + ": " + name + " is not JSON");
        }
    }

    /** The template itself; empty where no file has one. */
    public static Optional<String> text(TokenizerFiles files) {
        byte[] file = files.files().get("chat_template.jinja");
        if (file != null) return Optional.of(new String(file, StandardCharsets.UTF_8));
        return Stream.of("tokenizer_config.json", "chat_template.json")
                .flatMap(name -> ofJson(json(files, name).path("chat_template")).stream())
                .findFirst();
    }

    private static Optional<String> ofJson(JsonNode template) {
        if (template.isTextual()) return Optional.of(template.textValue());
        for (JsonNode named : template)
            if (named.path("name").asText().equals("default")
                    && named.path("template").isTextual())
                return Optional.of(named.path("template").textValue());
        return Optional.empty();
    }

    private static HashMap<String, String> special(JsonNode config) {
        HashMap<String, String> tokens = new HashMap<>();
        for (String name : SPECIAL) {
            JsonNode token = config.path(name);
            String content = token.isObject() ? token.path("content").asText("") : token.asText("");
            if (!content.isEmpty() && !token.isNull()) tokens.put(name, content);
        }
        return tokens;
    }

    @Override
    public MarkedText marked(Problem problem) {
        List<Map<String, Object>> messages = new ArrayList<>();
        if (!system.isEmpty()) messages.add(message("system", ReasoningPrompt.marked(system)));
        messages.add(message("user", problem.statement()));
        return render(messages, true);
    }

    /** Keys in the order in which transformers' users write them; a template may go through them. */
    private static Map<String, Object> message(String role, Object content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", MarkedText.own(role));
        message.put("content", content);
        return message;
    }

    /**
     * Any conversation. Every String in it is foreign: control strings in it are text.
     *
     * @param messages turns as transformers takes them: "role", "content", perhaps "reasoning_content"
     * @param answerNext ends with the beginning of the model's next turn
     */
    public MarkedText render(List<Map<String, Object>> messages, boolean answerNext) {
        return render(messages, null, answerNext);
    }

    @Override
    public MarkedText render(Conversation conversation, boolean answerNext) {
        boolean chunks = text.contains("'thinking'") || text.contains("\"thinking\"");
        TemplateMessages messages = new TemplateMessages(where, chunks, Optional.empty());
        return render(messages.of(conversation), messages.tools(conversation), answerNext);
    }

    /** The same with thoughts as text between marks at the start of an assistant's content, where the model writes them. */
    public MarkedText renderInline(Conversation conversation, ThinkTags tags, boolean answerNext) {
        TemplateMessages messages = new TemplateMessages(where, false, Optional.of(tags));
        return render(messages.of(conversation), messages.tools(conversation), answerNext);
    }

    private MarkedText render(List<Map<String, Object>> messages, List<Map<String, Object>> tools, boolean answerNext) {
        Map<String, Object> variables = new HashMap<>();
        specialTokens.forEach((name, token) -> variables.put(name, MarkedText.own(token)));
        variables.put("messages", messages);
        variables.put("add_generation_prompt", answerNext);
        variables.put("tools", tools);
        variables.put("documents", null);
        return template().render(variables, today.atStartOfDay());
    }

    private synchronized JinjaTemplate template() {
        if (template == null) template = new JinjaTemplate(where, text);
        return template;
    }
}
