package io.tramontane.model.chat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Calls as Mistral's models write them: {@code [TOOL_CALLS]name[ARGS]{..}}, since v11 with {@code [CALL_ID]id} after the name
 * in some models, or {@code [TOOL_CALLS][{"name": .., "arguments": {..}, "id": ..}, ..]} before. The call ends with its JSON.
 */
final class MistralCall implements PendingCall {
    private enum Stage {
        NAME,
        ID,
        ARGUMENTS,
        LIST
    }

    private static final int LONGEST_NAME = 128;

    private final StringBuilder raw;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder id = new StringBuilder();
    private final StringBuilder json = new StringBuilder();
    private final JsonEnd end = new JsonEnd();
    private Stage stage = Stage.NAME;
    private State state = State.OPEN;

    MistralCall(String mark) {
        raw = new StringBuilder(mark);
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public Set<ResponseMark> expected() {
        return switch (stage) {
            case NAME -> EnumSet.of(ResponseMark.CALL_ID, ResponseMark.ARGS);
            case ID -> EnumSet.of(ResponseMark.ARGS);
            default -> EnumSet.noneOf(ResponseMark.class);
        };
    }

    @Override
    public int text(String more) {
        for (int i = 0; i < more.length(); i++) {
            Stage before = stage;
            take(more.charAt(i));
            if (state != State.OPEN || stage != before) return i + 1;
        }
        return more.length();
    }

    private void take(char c) {
        raw.append(c);
        if (stage == Stage.NAME && c == '[' && name.isEmpty()) stage = Stage.LIST;
        else if (stage == Stage.NAME && c == '{') stage = Stage.ARGUMENTS; // [ARGS] forgotten
        if (Character.isWhitespace(c) && json.isEmpty()) return;
        switch (stage) {
            case NAME -> addTo(name, c);
            case ID -> addTo(id, c);
            case ARGUMENTS -> addJson(c, '{');
            case LIST -> addJson(c, '[');
        }
    }

    private void addTo(StringBuilder word, char c) {
        word.append(c);
        boolean fits =
                word.length() <= LONGEST_NAME && CallJson.NAME.matcher(word).matches();
        boolean blank = raw.length() > 1 && word.length() > 1 && Character.isWhitespace(raw.charAt(raw.length() - 2));
        if (!fits || blank) state = State.BROKEN;
    }

    private void addJson(char c, char first) {
        if (json.isEmpty() && c != first) {
            state = State.BROKEN;
            return;
        }
        json.append(c);
        if (end.accept(c)) state = State.COMPLETE;
    }

    @Override
    public void mark(ResponseMark mark) {
        raw.append(mark == ResponseMark.ARGS ? "[ARGS]" : "[CALL_ID]");
        stage = mark == ResponseMark.ARGS ? Stage.ARGUMENTS : Stage.ID;
    }

    @Override
    public Optional<List<ToolCall>> calls(Supplier<String> ids) {
        if (stage == Stage.LIST) return CallJson.list(json.toString(), ids);
        if (name.isEmpty()) return CallJson.object(json.toString(), ids).map(List::of);
        if (!CallJson.NAME.matcher(name).matches() || !CallJson.isObject(json.toString())) return Optional.empty();
        return Optional.of(
                List.of(new ToolCall(id.isEmpty() ? ids.get() : id.toString(), name.toString(), json.toString())));
    }

    @Override
    public String raw() {
        return raw.toString();
    }
}
