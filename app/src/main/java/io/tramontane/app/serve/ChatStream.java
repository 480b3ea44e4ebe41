package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.SampledToken;
import java.util.List;

/**
 * A chat's answer as chunks: for each choice first the role, then thoughts, answer and tool calls, last the reason of its
 * end. A delta has {@code reasoning_content} or {@code content}, never both, and none of them is null.
 */
final class ChatStream implements Answer {
    private static final String CHUNK = ".chunk";

    private final Outlet outlet;
    private final List<ChatChoice> choices;
    private final int[] calls;
    private final int promptTokens;
    private int tokens;
    private int left;

    ChatStream(Outlet outlet, List<ChatChoice> choices, int promptTokens) {
        this.outlet = outlet;
        this.choices = choices;
        this.calls = new int[choices.size()];
        this.promptTokens = promptTokens;
        this.left = choices.size();
    }

    @Override
    public void began() {
        outlet.begin();
        for (int i = 0; i < calls.length; i++)
            chunk(i, node().put("role", "assistant").put("content", ""), null);
        outlet.flush();
    }

    @Override
    public void token(int choice, SampledToken token) {
        outlet.sampled();
        choices.get(choice).token(token);
    }

    @Override
    public void finished(int choice, int count, FinishReason reason) {
        ChatChoice done = choices.get(choice);
        done.finish(reason);
        tell(choice);
        chunk(choice, node(), done.reason(reason));
        tokens += count;
        if (--left == 0) outlet.end(CHUNK, Usage.of(promptTokens, tokens));
    }

    @Override
    public void stepped() {
        if (left == 0) return;
        for (int i = 0; i < calls.length; i++) tell(i);
        outlet.flush();
    }

    private void tell(int choice) {
        for (Piece piece : choices.get(choice).take()) {
            ObjectNode delta = node();
            switch (piece.kind()) {
                case REASONING -> delta.put("reasoning_content", piece.text()).put("reasoning", piece.text());
                case CONTENT -> delta.put("content", piece.text());
                case CALL -> delta.putArray("tool_calls").add(ChatChoice.json(piece.call(), calls[choice]++));
            }
            chunk(choice, delta, null);
        }
    }

    private void chunk(int choice, ObjectNode delta, String reason) {
        ObjectNode node = node().put("index", choice);
        node.set("delta", delta);
        node.set("logprobs", choices.get(choice).takeLogprobs());
        outlet.chunk(CHUNK, node.put("finish_reason", reason));
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public void failed(ApiError error) {
        outlet.failed(error);
    }
}
