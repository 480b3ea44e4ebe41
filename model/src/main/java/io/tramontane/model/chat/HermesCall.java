package io.tramontane.model.chat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * {@code <tool_call>{"name": .., "arguments": {..}}</tool_call>}, as Hermes and Qwen write calls. The closing mark counts
 * outside JSON strings; a call whose JSON is whole needs none.
 */
final class HermesCall implements PendingCall {
    private final StringBuilder raw;
    private final StringBuilder json = new StringBuilder();
    private final JsonEnd end = new JsonEnd();
    private boolean closing; // the JSON is over
    private State state = State.OPEN;

    HermesCall(String mark) {
        raw = new StringBuilder(mark);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Set<ResponseMark> expected() {
        return closing ? EnumSet.of(ResponseMark.END_TOOL_CALL) : EnumSet.noneOf(ResponseMark.class);
    }

    @Override
    public int text(String more) {
        for (int i = 0; i < more.length(); i++) {
            char c = more.charAt(i);
            boolean blank = Character.isWhitespace(c);
            if (!closing && c == '<' && !end.inString()) {
                closing = true;
                return i;
            }
            raw.append(c);
            if (blank && (closing || json.isEmpty())) continue;
            if (closing || json.isEmpty() && c != '{') {
                state = State.BROKEN;
                return i + 1;
            }
            json.append(c);
            if (!end.accept(c)) continue;
            closing = true;
            return i + 1;
        }
        return more.length();
    }

    @Override
    public void mark(ResponseMark mark) {
        raw.append("</tool_call>");
        state = State.COMPLETE;
    }

    @Override
    public Optional<List<ToolCall>> calls(Supplier<String> ids) {
        return CallJson.object(json.toString(), ids).map(List::of);
    }

    @Override
    public String raw() {
        return raw.toString();
    }
}
