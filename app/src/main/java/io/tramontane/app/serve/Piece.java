package io.tramontane.app.serve;

import io.tramontane.model.chat.ToolCall;

/**
 * A piece of an answer that the client has not been told yet.
 *
 * @param kind what it is
 * @param text of thoughts or answer
 * @param call a whole tool call; null otherwise
 */
record Piece(Kind kind, String text, ToolCall call) {
    enum Kind {
        REASONING,
        CONTENT,
        CALL
    }
}
