package io.tramontane.cluster.flight;

import io.tramontane.data.ByteChunks;
import java.nio.ByteBuffer;

/** Something to send: a small head, written as JSON, and bytes that are read where they lie. */
public interface Payload {
    /** Any value that Jackson can write; may be null. */
    Object head();

    /** How many bytes follow the head. */
    long bytes();

    /** Fills {@code into.remaining()} bytes from an offset. */
    void read(long offset, ByteBuffer into);

    /** A head and a few bytes in memory. */
    static Payload of(Object head, byte[] bytes) {
        return of(head, ByteChunks.of(bytes));
    }

    /** A head and bytes in memory. */
    static Payload of(Object head, ByteChunks bytes) {
        return new Payload() {
            @Override
            public Object head() {
                return head;
            }

            @Override
            public long bytes() {
                return bytes.size();
            }

            @Override
            public void read(long offset, ByteBuffer into) {
                bytes.read(offset, into);
            }
        };
    }
}
