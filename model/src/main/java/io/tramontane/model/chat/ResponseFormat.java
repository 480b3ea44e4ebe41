package io.tramontane.model.chat;

import io.tramontane.data.ThinkTags;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.model.tokenizer.TokenizerJson;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * How a model marks its thoughts and its calls of tools. A mark that is one token of the model counts as that token only:
 * spelt out of other tokens it is text. A mark for which the model has no token counts wherever it is spelt.
 */
public final class ResponseFormat {
    private final EnumMap<ResponseMark, String> texts = new EnumMap<>(ResponseMark.class);
    private final Map<Integer, ResponseMark> byId = new HashMap<>();

    private ResponseFormat(ThinkTags tags) {
        texts.put(ResponseMark.THINK, tags.open());
        texts.put(ResponseMark.END_THINK, tags.close());
        texts.put(ResponseMark.TOOL_CALLS, "[TOOL_CALLS]");
        texts.put(ResponseMark.CALL_ID, "[CALL_ID]");
        texts.put(ResponseMark.ARGS, "[ARGS]");
        texts.put(ResponseMark.TOOL_CALL, "<tool_call>");
        texts.put(ResponseMark.END_TOOL_CALL, "</tool_call>");
    }

    /** Of a model's files. Parses tokenizer.json, which may be large: ask once. */
    public static ResponseFormat of(TokenizerFiles files, ThinkTags tags) {
        return of(tags, new TokenizerJson(files)::addedId);
    }

    /**
     * Of a model whose tokens are known.
     *
     * @param ids the id of a mark, -1 where the model has no token for it
     */
    static ResponseFormat of(ThinkTags tags, ToIntFunction<String> ids) {
        ResponseFormat format = new ResponseFormat(tags);
        format.texts.forEach((mark, text) -> {
            int id = ids.applyAsInt(text);
            if (id >= 0) format.byId.put(id, mark);
        });
        return format;
    }

    /** Of a model without tokens for any mark. */
    public static ResponseFormat spelt(ThinkTags tags) {
        return new ResponseFormat(tags);
    }

    /** The token that ends the thoughts, if the model has one. */
    public OptionalInt endOfThoughts() {
        return id(ResponseMark.END_THINK);
    }

    /** The token that begins the thoughts, if the model has one. */
    public OptionalInt startOfThoughts() {
        return id(ResponseMark.THINK);
    }

    /** Whether the model has tokens for calls in the form {@code [TOOL_CALLS]name[ARGS]{..}}. */
    public boolean hasCallTokens() {
        return isToken(ResponseMark.TOOL_CALLS) && isToken(ResponseMark.ARGS);
    }

    /**
     * A reader of one completion.
     *
     * @param opened the prompt ends within the thoughts
     * @param tools tools were offered; otherwise their marks are text
     */
    public ResponseReader reader(Tokenizer tokenizer, boolean opened, boolean tools) {
        return new ResponseReader(this, tokenizer, opened, tools, new SecureRandom());
    }

    Optional<ResponseMark> mark(int token) {
        return Optional.ofNullable(byId.get(token));
    }

    String text(ResponseMark mark) {
        return texts.get(mark);
    }

    boolean isToken(ResponseMark mark) {
        return byId.containsValue(mark);
    }

    private OptionalInt id(ResponseMark mark) {
        return byId.entrySet().stream()
                .filter(entry -> entry.getValue() == mark)
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }
}
