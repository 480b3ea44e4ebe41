package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.SamplingParameters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@link Settings} from a request.
 *
 * @param absent sampling parameters of requests that name none: the model's own, see generation_config.json
 * @param vocabulary number of token ids
 */
record SettingsReader(Limits limits, SamplingParameters absent, int vocabulary) {
    private static final double HOTTEST = 2;

    /** Of a chat: {@code logprobs} is a flag, {@code top_logprobs} a number. */
    Settings chat(Fields fields) {
        boolean wanted = fields.flag("logprobs", false);
        int top = fields.whole("top_logprobs", 0, 0, Limits.TOP_LOGPROBS);
        if (top > 0 && !wanted) throw ApiError.field("top_logprobs", "top_logprobs " + top + " needs logprobs true");
        return read(fields, wanted ? top : -1);
    }

    /** Of a completion: {@code logprobs} is a number. */
    Settings text(Fields fields) {
        return read(fields, fields.whole("logprobs", -1, 0, Limits.TOP_LOGPROBS));
    }

    private Settings read(Fields fields, int topLogprobs) {
        boolean stream = fields.flag("stream", false);
        Fields options = fields.object("stream_options");
        if (options != null && !stream)
            throw ApiError.field("stream_options", "stream_options is given, allowed only with stream true");
        String longest = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        fields.whole("max_tokens", 0, 1, Integer.MAX_VALUE); // also where the other one counts
        return new Settings(
                fields.whole("n", 1, 1, limits.samples()),
                temperature(fields) == 0,
                sampling(fields),
                fields.wholeLong("seed"),
                stop(fields),
                stopTokens(fields),
                fields.whole(longest, 0, 1, Integer.MAX_VALUE),
                longest,
                topLogprobs,
                stream,
                options != null && options.flag("include_usage", false));
    }

    private double temperature(Fields fields) {
        return fields.number("temperature", absent.temperature(), 0, HOTTEST);
    }

    private SamplingParameters sampling(Fields fields) {
        double temperature = temperature(fields);
        double topP = fields.number("top_p", absent.topP(), 0, 1);
        double minP = fields.number("min_p", absent.minP(), 0, 1);
        int topK = fields.whole("top_k", absent.topK(), -1, Integer.MAX_VALUE);
        if (topP == 0) throw fields.wrong("top_p", "a number above 0, to 1");
        if (minP == 1) throw fields.wrong("min_p", "a number from 0 to below 1");
        boolean all = topK == -1 || topK >= vocabulary;
        return new SamplingParameters(temperature == 0 ? 1 : temperature, topP, all ? 0 : topK, minP);
    }

    private static List<String> stop(Fields fields) {
        JsonNode value = fields.value("stop");
        List<JsonNode> all = value.isTextual() ? List.of(value) : fields.list("stop", Limits.STOPS);
        for (JsonNode text : all)
            if (!text.isTextual()
                    || text.textValue().isEmpty()
                    || text.textValue().length() > Limits.STOP_LENGTH)
                throw fields.wrong(
                        "stop", "strings of 1 to " + Limits.STOP_LENGTH + " characters, at most " + Limits.STOPS);
        return all.stream().map(JsonNode::textValue).toList();
    }

    private Set<Integer> stopTokens(Fields fields) {
        Set<Integer> all = new LinkedHashSet<>();
        for (JsonNode id : fields.list("stop_token_ids", Limits.STOPS)) {
            if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0 || id.intValue() >= vocabulary)
                throw fields.wrong("stop_token_ids", "token ids from 0 to " + (vocabulary - 1));
            all.add(id.intValue());
        }
        return all;
    }
}
