package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.rollout.FinishReason;
import io.tramontane.rollout.SampledToken;
import java.util.List;
import java.util.Locale;

/** The answer to {@code POST /v1/completions}, in one piece or as chunks. */
final class TextAnswer implements Answer {
    private final Outlet outlet;
    private final List<TextChoice> choices;
    private final ObjectNode[] done;
    private final boolean stream;
    private final int promptTokens;
    private int tokens;
    private int left;

    TextAnswer(Outlet outlet, List<TextChoice> choices, boolean stream, int promptTokens) {
        this.outlet = outlet;
        this.choices = choices;
        this.done = new ObjectNode[choices.size()];
        this.stream = stream;
        this.promptTokens = promptTokens;
        this.left = choices.size();
    }

    @Override
    public void began() {
        if (stream) outlet.begin();
    }

    @Override
    public void token(int choice, SampledToken token) {
        outlet.sampled();
        choices.get(choice).token(token);
    }

    @Override
    public void finished(int choice, int count, FinishReason reason) {
        choices.get(choice).finish();
        done[choice] = choices.get(choice)
                .take(choice)
                .put("finish_reason", reason.name().toLowerCase(Locale.ROOT));
        tokens += count;
        if (stream) outlet.chunk("", done[choice]);
        if (--left > 0) return;
        if (stream) outlet.end("", Usage.of(promptTokens, tokens));
        else outlet.whole(all(), Usage.of(promptTokens, tokens));
    }

    private ArrayNode all() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode one : done) all.add(one);
        return all;
    }

    @Override
    public void stepped() {
        if (!stream || left == 0) return;
        for (int i = 0; i < done.length; i++)
            if (done[i] == null && choices.get(i).hasNews())
                outlet.chunk("", choices.get(i).take(i).putNull("finish_reason"));
        outlet.flush();
    }

    @Override
    public void failed(ApiError error) {
        outlet.failed(error);
    }
}
