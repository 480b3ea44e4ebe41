package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.ByteChunks;
import java.nio.ByteBuffer;

/** Takes what a {@link Payload} sends: first {@code open}, then the bytes in order. */
public interface Sink {
    /** The head and how many bytes will follow. */
    void open(JsonNode head, long bytes);

    /** Drains {@code from}, which belongs at {@code offset}. */
    void write(long offset, ByteBuffer from);

    /** Keeps everything in memory, up to a limit. */
    final class Memory implements Sink {
        private final long most;
        private JsonNode head;
        private ByteChunks bytes = new ByteChunks();

        /** As much as Java's heap can hold. */
        public Memory() {
            this(Runtime.getRuntime().maxMemory());
        }

        /** Refuses more bytes than that before the first one. */
        public Memory(long most) {
            this.most = most;
        }

        @Override
        public void open(JsonNode newHead, long size) {
            Limits.check("stream", size, most);
            head = newHead;
            bytes = new ByteChunks();
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            bytes.write(from);
        }

        /** The head as a value. */
        public <T> T head(Class<T> type) {
            return Json.convert(head, type);
        }

        /** All bytes. */
        public ByteChunks bytes() {
            return bytes;
        }
    }
}
