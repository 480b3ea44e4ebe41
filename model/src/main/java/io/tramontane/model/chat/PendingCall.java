package io.tramontane.model.chat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A call of a tool while the model writes it. */
interface PendingCall {
    /** What became of it. */
    enum State {
        OPEN,
        COMPLETE,
        BROKEN
    }

    State state();

    /** Marks that go on with the call where it stands; all else is text. */
    Set<ResponseMark> expected();

    /** Takes characters, as many as belong to the call; returns how many. After fewer than all, the state or what is expected changed. */
    int text(String more);

    /** Takes one of the expected marks. */
    void mark(ResponseMark mark);

    /** The calls in it, if it is one; an id is made where the model gave none. */
    Optional<List<ToolCall>> calls(Supplier<String> ids);

    /** What the model wrote. */
    String raw();
}
