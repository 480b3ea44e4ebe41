package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.OutboundStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A payload as a Flight stream: one column of unsigned bytes in batches of at most 4 MiB, with the head as metadata of
 * the first batch. 4 MiB is where a loopback connection is fastest.
 */
final class ByteStream {
    static final int CHUNK = 4 << 20;
    private static final Schema SCHEMA = new Schema(List.of(Field.notNullable("bytes", new ArrowType.Int(8, false))));

    private ByteStream() {}

    private record Head(long bytes, JsonNode head) {}

    /** Waits until the connection takes another batch. */
    interface Ready {
        void await();
    }

    static VectorSchemaRoot root(BufferAllocator allocator) {
        return VectorSchemaRoot.create(SCHEMA, allocator);
    }

    /** Sends all batches; the caller has started {@code out} with {@code root} and completes it. */
    static void send(Payload payload, VectorSchemaRoot root, OutboundStreamListener out, Ready ready) {
        UInt1Vector column = (UInt1Vector) root.getVector(0);
        long total = payload.bytes();
        long offset = 0;
        do {
            int size = (int) Math.min(CHUNK, total - offset);
            ready.await();
            fill(payload, offset, column, size); // new buffers each time: gRPC still reads the last ones
            root.setRowCount(size);
            if (offset == 0) out.putNext(head(payload, column.getAllocator()));
            else out.putNext();
            offset += size;
        } while (offset < total);
    }

    private static void fill(Payload payload, long offset, UInt1Vector column, int size) {
        column.allocateNew(size);
        payload.read(offset, column.getDataBuffer().nioBuffer(0, size));
        column.getValidityBuffer().setOne(0L, (size + 7) / 8);
        column.setValueCount(size);
    }

    private static ArrowBuf head(Payload payload, BufferAllocator allocator) {
        byte[] json = Json.write(
                new Head(payload.bytes(), Json.command("", payload.head()).request()));
        ArrowBuf buffer = allocator.buffer(json.length);
        buffer.writeBytes(json);
        return buffer;
    }

    /** Reads a whole stream into a sink. */
    static void receive(FlightStream in, Sink sink) {
        Schema schema = guarded(in::getSchema);
        if (!schema.equals(SCHEMA)) throw new IllegalArgumentException("a stream of other columns: " + schema);
        UInt1Vector column = (UInt1Vector) in.getRoot().getVector(0);
        long offset = 0;
        long total = -1;
        while (guarded(in::next)) {
            if (total < 0) {
                Head head = head(in.getLatestMetadata());
                total = head.bytes();
                sink.open(head.head(), total);
            }
            int size = in.getRoot().getRowCount();
            Limits.check("stream", offset + size, total);
            if (size > column.getDataBuffer().capacity())
                throw new IllegalArgumentException("a batch of " + size + " bytes that has fewer");
            if (size > 0) sink.write(offset, column.getDataBuffer().nioBuffer(0, size));
            offset += size;
        }
        if (offset != total)
            throw new IllegalStateException("stream ended after " + offset + " of " + total + " bytes");
    }

    /** Arrow throws many kinds of exceptions on bytes that are not what it expects; they all mean the same here. */
    private static <T> T guarded(Supplier<T> read) {
        try {
            return read.get();
        } catch (FlightRuntimeException e) { // the connection's, or the other side's
            throw e;
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("a stream that is not in Arrow form: " + e, e);
        }
    }

    private static Head head(ArrowBuf metadata) {
        if (metadata == null) throw new IllegalArgumentException("a stream without a head");
        Head head = Json.convert(Json.tree(bytes(metadata)), Head.class);
        Limits.check("stream", head.bytes(), Long.MAX_VALUE);
        return head;
    }

    static byte[] bytes(ArrowBuf buffer) {
        byte[] bytes = new byte[Math.toIntExact(buffer.readableBytes())];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }
}
