package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.model.chat.ResponsePart;
import io.tramontane.model.chat.ResponseReader;
import io.tramontane.model.chat.ToolCall;
import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.SampledToken;
import java.util.ArrayList;
import java.util.List;

/** One choice of a chat while it is sampled: tokens come in, pieces of thoughts, answer and tool calls go out. */
final class ChatChoice {
    private final ResponseForm form;
    private final Settings settings;
    private final StopText reasoning;
    private final StopText content;
    private final boolean manyCalls;
    private final TokenLogprobs logprobs;
    private final List<Piece> pieces = new ArrayList<>();
    private ArrayNode untold = JsonNodeFactory.instance.arrayNode();
    private ResponseReader reader;
    private int calls;

    /**
     * Begins it.
     *
     * @param form how the answer is read
     * @param logprobs makes JSON of log-probabilities; null if none are wanted
     */
    ChatChoice(ResponseForm form, Settings settings, boolean manyCalls, TokenLogprobs logprobs) {
        this.form = form;
        this.settings = settings;
        this.reasoning = new StopText(settings.stop());
        this.content = new StopText(settings.stop());
        this.manyCalls = manyCalls;
        this.logprobs = logprobs;
    }

    void token(SampledToken token) {
        if (!settings.stopTokens().contains(token.id()))
            reader().accept(token.id()).forEach(this::part);
        if (logprobs != null) untold.add(logprobs.chat(token));
    }

    /** Made by the thread that uses it. */
    private ResponseReader reader() {
        if (reader == null) reader = form.readers().get();
        return reader;
    }

    /** The end: what was held back comes out. */
    void finish(FinishReason reason) {
        if (reason == FinishReason.STOP)
            for (int token : form.closing()) reader().accept(token).forEach(this::part);
        reader().finish().forEach(this::part);
        add(Piece.Kind.REASONING, reasoning.end());
        add(Piece.Kind.CONTENT, content.end());
    }

    private void part(ResponsePart part) {
        if (part instanceof ResponsePart.Reasoning text) {
            add(Piece.Kind.REASONING, reasoning.add(text.text()));
        } else if (part instanceof ResponsePart.Answer text) {
            if (form.opening().length > 0) return; // the beginning of a call that was cut off
            add(Piece.Kind.REASONING, reasoning.end());
            add(Piece.Kind.CONTENT, content.add(text.text()));
        } else if (part instanceof ResponsePart.Call call && (manyCalls || calls == 0)) {
            calls++;
            pieces.add(new Piece(Piece.Kind.CALL, "", call.call()));
        }
    }

    private void add(Piece.Kind kind, String text) {
        if (text.isEmpty()) return;
        int last = pieces.size() - 1;
        if (last >= 0 && pieces.get(last).kind() == kind)
            pieces.set(last, new Piece(kind, pieces.get(last).text() + text, null));
        else pieces.add(new Piece(kind, text, null));
    }

    /** What is new since the last time. */
    List<Piece> take() {
        List<Piece> taken = List.copyOf(pieces);
        pieces.clear();
        return taken;
    }

    /** The log-probabilities since the last time, or null. */
    ObjectNode takeLogprobs() {
        if (logprobs == null || untold.isEmpty()) return null;
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.set("content", untold);
        untold = JsonNodeFactory.instance.arrayNode();
        return node;
    }

    /** In OpenAI's words. */
    String reason(FinishReason reason) {
        if (calls > 0) return "tool_calls";
        return reason == FinishReason.LENGTH ? "length" : "stop";
    }

    /** A tool call in OpenAI's form; {@code index} is for streams, -1 for none. */
    static ObjectNode json(ToolCall call, int index) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (index >= 0) node.put("index", index);
        node.put("id", call.id()).put("type", "function");
        node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
        return node;
    }
}
