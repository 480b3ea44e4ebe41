package io.tramontane.app.serve;

import io.tramontane.data.MarkedText;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.chat.ResponseFormat;
import io.tramontane.model.chat.ResponseReader;
import io.tramontane.model.chat.Tool;
import io.tramontane.model.tokenizer.Tokenizer;
import io.tramontane.model.tokenizer.TokenizerFiles;
import io.tramontane.rollout.TokenMask;
import io.tramontane.rollout.json.JsonMasks;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the answer to a chat is written and read: freely, as one JSON object, or as a call of a tool that the client asks for.
 * Such a call is begun for the model and its arguments are masked; it has Mistral's form where the model has the tokens for
 * it, Hermes' otherwise.
 */
final class ResponseForms {
    private static final int[] NONE = {};

    private final TokenizerFiles files;
    private final ResponseFormat format;
    private final ThinkTags tags;
    private final Tokenizer encoder;
    private final Tokenizer decoder;
    private Optional<JsonMasks> json;

    /**
     * Makes it.
     *
     * @param encoder is used under its own lock
     * @param decoder of the teller's thread
     */
    ResponseForms(TokenizerFiles files, ThinkTags tags, Tokenizer encoder, Tokenizer decoder) {
        this.files = files;
        this.format = ResponseFormat.of(files, tags);
        this.tags = tags;
        this.encoder = encoder;
        this.decoder = decoder;
    }

    /**
     * Of one request.
     *
     * @param prompt the conversation as text: its end may open the thoughts
     */
    ResponseForm of(ChatCall call, MarkedText prompt) {
        boolean opened = prompt.ownTail().stripTrailing().endsWith(tags.open());
        if (call.choice().forced()) return call(call, opened);
        boolean tools = call.choice().mode() != ToolChoice.Mode.NONE;
        Supplier<TokenMask> mask = call.jsonObject() ? object("response_format", opened) : null;
        return new ResponseForm(NONE, mask, () -> format.reader(decoder, opened, tools), NONE);
    }

    private ResponseForm call(ChatCall call, boolean opened) {
        Supplier<TokenMask> object = object("tool_choice", false);
        List<String> names = call.choice().name() != null
                ? List.of(call.choice().name())
                : call.conversation().tools().stream().map(Tool::name).toList();
        boolean mistral = format.hasCallTokens();
        String before = (opened ? tags.close() : "") + (mistral ? "[TOOL_CALLS]" : "<tool_call>\n{\"name\": \"");
        String behind = mistral ? "[ARGS]" : "\", \"arguments\": ";
        int[] opening = tokens(names.size() == 1 ? before + names.get(0) + behind : before);
        List<int[]> alternatives = new ArrayList<>();
        if (names.size() > 1) for (String name : names) alternatives.add(tokens(name + behind));
        BitSet thoughts = new BitSet();
        format.startOfThoughts().ifPresent(thoughts::set);
        int[] closing = mistral ? NONE : tokens("}\n</tool_call>");
        return new ResponseForm(
                opening,
                () -> new CallMask(alternatives, object, thoughts),
                () -> {
                    ResponseReader reader = format.reader(decoder, opened, true);
                    for (int token : opening) reader.accept(token);
                    return reader;
                },
                closing);
    }

    private int[] tokens(String ours) {
        synchronized (encoder) {
            return encoder.encode(MarkedText.own(ours));
        }
    }

    private Supplier<TokenMask> object(String field, boolean opened) {
        return masks().flatMap(masks -> masks.masks(opened))
                .orElseThrow(() -> ApiError.field(
                        field, field + " needs a mask for JSON, which this model's tokenizer does not allow"));
    }

    /** Made when they are wanted first: they take a second and some memory of a large vocabulary. */
    private synchronized Optional<JsonMasks> masks() {
        if (json == null)
            synchronized (encoder) {
                json = JsonMasks.of(files, encoder, format);
            }
        return json;
    }
}
