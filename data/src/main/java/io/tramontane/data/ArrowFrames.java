package io.tramontane.data;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.validate.ValidateVectorBufferVisitor;
import org.apache.arrow.vector.validate.ValidateVectorDataVisitor;

/**
 * Arrow's IPC stream from somebody else. The reader takes as much memory as a message says that it is long, before it reads
 * it; here such a message ends the stream with an error first. A message is {@code FF FF FF FF, u32 length, metadata, body},
 * the body's length stands in the metadata.
 */
public final class ArrowFrames extends FilterInputStream {
    private static final int CONTINUATION = -1;
    /** Values without any bytes: as many as a small file may state without taking memory out of proportion. */
    private static final int MOST_EMPTY = 1 << 17;

    private enum Part {
        LENGTH,
        METADATA,
        BODY,
        END
    }

    private final long most;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private Part part = Part.LENGTH;
    private long left = Integer.BYTES;

    /**
     * Passes a stream on.
     *
     * @param most bytes that a message may have: all that there are
     */
    public ArrowFrames(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = in.read(into, offset, length);
        for (int at = 0; at < count; ) at += take(into, offset + at, count - at);
        return count;
    }

    private int take(byte[] bytes, int from, int count) throws IOException {
        if (part == Part.END) return count;
        int taken = (int) Math.min(left, count);
        if (part != Part.BODY) held.write(bytes, from, taken);
        left -= taken;
        if (left == 0) next();
        return taken;
    }

    private void next() throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(held.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        held.reset();
        if (part == Part.LENGTH) {
            int length = bytes.getInt();
            if (length == 0) part = Part.END;
            else if (length != CONTINUATION) begin(Part.METADATA, length);
            else left = Integer.BYTES;
        } else if (part == Part.METADATA) {
            begin(Part.BODY, bodyLength(bytes));
        } else {
            begin(Part.LENGTH, Integer.BYTES);
        }
    }

    private void begin(Part next, long length) throws IOException {
        if (length < 0 || length > most)
            throw new IOException("a message of " + length + " bytes where " + most + " are allowed");
        part = next;
        left = length;
        if (length == 0) begin(Part.LENGTH, Integer.BYTES);
    }

    private static long bodyLength(ByteBuffer metadata) throws IOException {
        try {
            return Message.getRootAsMessage(metadata).bodyLength();
        } catch (RuntimeException damaged) { // flatbuffers do not check anything
            throw new IOException("a message that cannot be read");
        }
    }

    /** Refuses columns whose values lie outside of what was read, or which are large without holding anything. */
    public static void check(VectorSchemaRoot batch) {
        for (FieldVector column : batch.getFieldVectors()) {
            if (column.getValueCount() != batch.getRowCount())
                throw new IllegalArgumentException("column " + column.getName() + " has " + column.getValueCount()
                        + " values, the batch " + batch.getRowCount() + " rows");
            checkEmpty(column, false);
            try { // not the check of types, which refuses maps
                column.accept(new ValidateVectorBufferVisitor(), null);
                column.accept(new ValidateVectorDataVisitor(), null);
            } catch (UnsupportedOperationException unknownToTheCheck) {
                continue; // a newer kind of column, which checks itself when it is read
            }
        }
    }

    private static void checkEmpty(FieldVector column, boolean inside) {
        int count = column instanceof FixedSizeListVector list
                ? list.getListSize()
                : inside && column instanceof NullVector ? column.getValueCount() : 0;
        if (count > MOST_EMPTY)
            throw new IllegalArgumentException(
                    "column " + column.getName() + " states " + count + " values without bytes, allowed " + MOST_EMPTY);
        column.getChildrenFromFields().forEach(child -> checkEmpty(child, true));
    }
}
