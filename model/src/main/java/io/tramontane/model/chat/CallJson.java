package io.tramontane.model.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tramontane.data.JsonReading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The JSON of tool calls. It comes from a model, so nothing about it is certain. */
final class CallJson {
    static final Pattern NAME = Pattern.compile("[\\w.:/-]{1,128}");

    private static final JsonMapper JSON = JsonReading.mapper()
            .rebuild()
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // numbers as they were written
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private CallJson() {}

    static boolean isObject(String text) {
        return read(text).filter(JsonNode::isObject).isPresent();
    }

    /** Of {@code [{"name":..,"arguments":{..},"id":..}, ...]}. */
    static Optional<List<ToolCall>> list(String text, Supplier<String> ids) {
        JsonNode list = read(text).orElse(null);
        if (list == null || !list.isArray() || list.isEmpty()) return Optional.empty();
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode one : list) {
            Optional<ToolCall> call = call(one, ids);
            if (call.isEmpty()) return Optional.empty();
            calls.add(call.get());
        }
        return Optional.of(calls);
    }

    /** Of {@code {"name":..,"arguments":{..}}}. */
    static Optional<ToolCall> object(String text, Supplier<String> ids) {
        return read(text).flatMap(call -> call(call, ids));
    }

    private static Optional<ToolCall> call(JsonNode call, Supplier<String> ids) {
        String name = call.path("name").asText("");
        JsonNode arguments = call.has("arguments") ? call.get("arguments") : call.path("parameters");
        String written = arguments.isObject() ? arguments.toString() : arguments.asText("");
        if (!NAME.matcher(name).matches() || !isObject(written)) return Optional.empty();
        String id = call.path("id").asText("");
        return Optional.of(new ToolCall(NAME.matcher(id).matches() ? id : ids.get(), name, written));
    }

    private static Optional<JsonNode> read(String text) {
        try {
            return Optional.ofNullable(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
