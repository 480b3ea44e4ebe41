package io.tramontane.model.chat;

/** A piece of what a model answers, in the order in which it writes. Pieces of the same kind that follow each other are one text. */
public sealed interface ResponsePart {
    /** Thoughts. */
    record Reasoning(String text) implements ResponsePart {}

    /** What the user is told. */
    record Answer(String text) implements ResponsePart {}

    /** A whole call of a tool. */
    record Call(ToolCall call) implements ResponsePart {}
}
