package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Known fields of OpenAI's API and of other servers that would change the answer and that we have not: an error says so. */
final class Unsupported {
    private static final Predicate<JsonNode> EMPTY = value ->
            value.isNumber() ? value.doubleValue() == 0 : value.isContainerNode() ? value.isEmpty() : isFalse(value);
    private static final Predicate<JsonNode> ONE = value -> value.isNumber() && value.doubleValue() == 1;
    private static final Predicate<JsonNode> YES = value -> value.isBoolean() && value.booleanValue();

    /** By name: the values that have no effect. */
    private static final Map<String, Predicate<JsonNode>> NEUTRAL = new LinkedHashMap<>();

    static {
        for (String name :
                "frequency_penalty presence_penalty logit_bias functions function_call audio prediction".split(" "))
            NEUTRAL.put(name, EMPTY);
        for (String name : ("web_search_options reasoning_effort suffix echo use_beam_search ignore_eos min_tokens"
                        + " prompt_logprobs continue_final_message chat_template chat_template_kwargs documents"
                        + " truncate_prompt_tokens bad_words allowed_token_ids structured_outputs guided_json guided_regex"
                        + " guided_choice guided_grammar")
                .split(" ")) NEUTRAL.put(name, EMPTY);
        for (String name : "repetition_penalty length_penalty best_of".split(" ")) NEUTRAL.put(name, ONE);
        for (String name : "add_generation_prompt skip_special_tokens".split(" ")) NEUTRAL.put(name, YES);
        NEUTRAL.put(
                "modalities",
                value -> value.isArray()
                        && value.size() == 1
                        && value.path(0).asText().equals("text"));
    }

    private Unsupported() {}

    private static boolean isFalse(JsonNode value) {
        return value.isTextual() ? value.textValue().isEmpty() : value.isBoolean() && !value.booleanValue();
    }

    /** Refuses a request in which one of them has an effect. */
    static void check(Fields fields) {
        NEUTRAL.forEach((name, neutral) -> {
            JsonNode value = fields.value(name);
            if (!value.isMissingNode() && !neutral.test(value))
                throw ApiError.field(name, name + " " + Texts.shortened(value) + " is not supported by this server");
        });
    }
}
