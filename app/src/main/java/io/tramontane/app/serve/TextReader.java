package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads a request of {@code POST /v1/completions}. */
record TextReader(SettingsReader settings) {
    TextCall read(Fields fields) {
        Unsupported.check(fields);
        for (String chat : List.of("messages", "tools", "response_format"))
            if (fields.has(chat)) throw ApiError.field(chat, chat + " belongs to /v1/chat/completions");
        Settings read = settings.text(fields);
        List<TextCall.Prompt> prompts = prompts(fields);
        if (prompts.size() * read.samples() > settings.limits().samples())
            throw ApiError.field(
                    "prompt",
                    "prompt holds " + prompts.size() + " prompts, n is " + read.samples() + ": allowed are "
                            + settings.limits().samples() + " completions in all");
        return new TextCall(read, prompts);
    }

    private List<TextCall.Prompt> prompts(Fields fields) {
        JsonNode value = fields.value("prompt");
        if (value.isTextual()) return List.of(text(fields, value));
        if (!value.isArray() || value.isEmpty()) throw wrong(fields);
        if (value.get(0).isNumber()) return List.of(tokens(fields, value));
        List<TextCall.Prompt> all = new ArrayList<>();
        for (JsonNode one : fields.list("prompt", settings.limits().samples()))
            all.add(one.isTextual() ? text(fields, one) : tokens(fields, one));
        return all;
    }

    private static ApiError wrong(Fields fields) {
        return fields.wrong("prompt", "a text, token ids, or an array of one of both, with something in it");
    }

    private static TextCall.Prompt text(Fields fields, JsonNode value) {
        if (value.textValue().isEmpty()) throw wrong(fields);
        return new TextCall.Prompt(value.textValue(), null);
    }

    private TextCall.Prompt tokens(Fields fields, JsonNode value) {
        if (!value.isArray() || value.isEmpty()) throw wrong(fields);
        if (value.size() > settings.limits().context())
            throw ApiError.context(
                    "prompt",
                    "prompt has " + value.size() + " tokens, the context "
                            + settings.limits().context());
        int[] ids = new int[value.size()];
        for (int i = 0; i < ids.length; i++) {
            JsonNode id = value.get(i);
            boolean known = id.isIntegralNumber()
                    && id.canConvertToInt()
                    && id.intValue() >= 0
                    && id.intValue() < settings.vocabulary();
            if (!known)
                throw ApiError.field(
                        "prompt",
                        "prompt holds " + Texts.shortened(id) + ", allowed token ids from 0 to "
                                + (settings.vocabulary() - 1));
            ids[i] = id.intValue();
        }
        return new TextCall.Prompt(null, ids);
    }
}
