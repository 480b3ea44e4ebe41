package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.SampledToken;
import java.util.List;

/** A chat's answer in one piece: {@code reasoning_content} and {@code reasoning} are equal, "" where the model has not thought. */
final class ChatWhole implements Answer {
    private final Outlet outlet;
    private final List<ChatChoice> choices;
    private final ObjectNode[] done;
    private final int promptTokens;
    private int tokens;
    private int left;

    ChatWhole(Outlet outlet, List<ChatChoice> choices, int promptTokens) {
        this.outlet = outlet;
        this.choices = choices;
        this.done = new ObjectNode[choices.size()];
        this.promptTokens = promptTokens;
        this.left = choices.size();
    }

    @Override
    public void began() {}

    @Override
    public void token(int choice, SampledToken token) {
        outlet.sampled();
        choices.get(choice).token(token);
    }

    @Override
    public void finished(int choice, int count, FinishReason reason) {
        ChatChoice ended = choices.get(choice);
        ended.finish(reason);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("index", choice);
        node.set("message", message(ended.take()));
        node.set("logprobs", ended.takeLogprobs());
        done[choice] = node.put("finish_reason", ended.reason(reason));
        tokens += count;
        if (--left > 0) return;
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode one : done) all.add(one);
        outlet.whole(all, Usage.of(promptTokens, tokens));
    }

    private static ObjectNode message(List<Piece> pieces) {
        StringBuilder reasoning = new StringBuilder();
        StringBuilder content = new StringBuilder();
        ArrayNode calls = JsonNodeFactory.instance.arrayNode();
        for (Piece piece : pieces)
            switch (piece.kind()) {
                case REASONING -> reasoning.append(piece.text());
                case CONTENT -> content.append(piece.text());
                case CALL -> calls.add(ChatChoice.json(piece.call(), -1));
            }
        ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
        message.put("content", content.isEmpty() && !calls.isEmpty() ? null : content.toString());
        message.put("reasoning_content", reasoning.toString()).put("reasoning", reasoning.toString());
        if (!calls.isEmpty()) message.set("tool_calls", calls);
        return message;
    }

    @Override
    public void stepped() {}

    @Override
    public void failed(ApiError error) {
        outlet.failed(error);
    }
}
