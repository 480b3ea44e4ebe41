package io.tramontane.model.chat;

/** A piece of a message. */
public sealed interface Chunk {
    /** What is said. */
    record Text(String text) implements Chunk {}

    /**
     * Thoughts.
     *
     * @param closed false where the thoughts go on in what the model writes next
     */
    record Thinking(String text, boolean closed) implements Chunk {}
}
