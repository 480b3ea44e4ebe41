package io.tramontane.model.chat;

/** A piece of a message. */
public sealed interface Chunk {
    /** What is said. */
    record Text(String text) implements Chunk {}

    /** What is thought. */
    record Thinking(String text, boolean closed) implements Chunk {}
}
