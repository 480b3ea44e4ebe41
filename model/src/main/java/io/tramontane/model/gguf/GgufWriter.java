package io.tramontane.model.gguf;

import io.tramontane.model.gguf.GgufCursor.Type;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a GGUF file (version 3, little-endian) front to back, holding no more of its weights than it is given at a time:
 * <pre>  metadata and tensors are stated  -&gt;  {@link #begin}  -&gt;  {@link #put} each tensor's numbers in that order  -&gt;  {@link #end}</pre>
 * Tensors begin at multiples of 32 bytes. The stream stays open: it belongs to the caller.
 */
public final class GgufWriter {
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;

    private record Entry(String name, Encoding encoding, long[] shape, long length) {
        long bytes() {
            return length / encoding.blockLength() * encoding.blockBytes();
        }

        int padding() {
            return (int) (-bytes() & ALIGNMENT - 1);
        }
    }

    private final OutputStream out;
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final Set<String> keys = new HashSet<>();
    private final List<Entry> tensors = new ArrayList<>();
    private int turn = -1;
    private long done;
    private byte[] encoded = new byte[0];

    /** Writes nothing yet. */
    public GgufWriter(OutputStream out) {
        this.out = out;
    }

    private void key(String key, Type type) {
        if (turn >= 0 || !keys.add(key)) throw new IllegalStateException("key " + key + " is late or stated twice");
        string(metadata, key);
        int32(metadata, type.ordinal());
    }

    private void list(String key, Type element, int count) {
        key(key, Type.ARRAY);
        int32(metadata, element.ordinal());
        int64(metadata, count);
    }

    /** States a text. */
    public void text(String key, String value) {
        key(key, Type.STRING);
        string(metadata, value);
    }

    /** States a count or an id. */
    public void number(String key, int value) {
        if (value < 0) throw new IllegalArgumentException(key + " " + value + ", allowed >= 0");
        key(key, Type.UINT32);
        int32(metadata, value);
    }

    /** States a number in single precision. */
    public void real(String key, double value) {
        key(key, Type.FLOAT32);
        int32(metadata, Float.floatToIntBits((float) value));
    }

    /** States a truth value. */
    public void flag(String key, boolean value) {
        key(key, Type.BOOL);
        metadata.write(value ? 1 : 0);
    }

    /** States a list of texts. */
    public void texts(String key, List<String> values) {
        list(key, Type.STRING, values.size());
        for (String value : values) string(metadata, value);
    }

    /** States a list of numbers in single precision. */
    public void reals(String key, float[] values) {
        list(key, Type.FLOAT32, values.length);
        for (float value : values) int32(metadata, Float.floatToIntBits(value));
    }

    /** States a list of integers. */
    public void integers(String key, int[] values) {
        list(key, Type.INT32, values.length);
        for (int value : values) int32(metadata, value);
    }

    /**
     * States a tensor.
     *
     * @param shape outermost side first; the innermost is a multiple of the encoding's block
     */
    public void tensor(String name, Encoding encoding, long... shape) {
        if (turn >= 0) throw new IllegalStateException("tensor " + name + " is late");
        if (shape[shape.length - 1] % encoding.blockLength() != 0)
            throw new IllegalArgumentException("tensor " + name + " has rows of " + shape[shape.length - 1] + ", "
                    + encoding + " needs a multiple of " + encoding.blockLength());
        long length = 1;
        for (long side : shape) length = Math.multiplyExact(length, side);
        tensors.add(new Entry(name, encoding, shape.clone(), length));
    }

    /** Writes metadata and the table of tensors. */
    public void begin() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        int32(head, VERSION);
        int64(head, tensors.size());
        int64(head, keys.size());
        metadata.writeTo(head);
        long offset = 0;
        for (Entry tensor : tensors) {
            string(head, tensor.name);
            int32(head, tensor.shape.length);
            for (int i = tensor.shape.length - 1; i >= 0; i--) int64(head, tensor.shape[i]);
            int32(head, tensor.encoding.code());
            int64(head, offset);
            offset += tensor.bytes() + tensor.padding();
        }
        head.writeBytes(new byte[-head.size() & ALIGNMENT - 1]);
        head.writeTo(out);
        turn = 0;
    }

    /** Writes the first {@code count} of some numbers, whole blocks, as the next of the tensor whose turn it is. */
    public void put(float[] numbers, int count) throws IOException {
        Entry tensor = tensors.get(turn);
        int block = tensor.encoding.blockLength();
        if (count % block != 0 || done + count > tensor.length)
            throw new IllegalArgumentException("tensor " + tensor.name + ": " + count + " numbers after " + done
                    + " of " + tensor.length + ", blocks of " + block);
        int bytes = Math.multiplyExact(count / block, tensor.encoding.blockBytes());
        if (encoded.length < bytes) encoded = new byte[bytes];
        Blocks.encode(tensor.encoding, numbers, count, encoded);
        out.write(encoded, 0, bytes);
        done += count;
        if (done < tensor.length) return;
        out.write(new byte[tensor.padding()]);
        turn++;
        done = 0;
    }

    /** Checks that every tensor is there. */
    public void end() {
        if (turn != tensors.size()) throw new IllegalStateException("tensor " + tensors.get(turn).name + " is missing");
    }

    private static void string(ByteArrayOutputStream to, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int64(to, utf8.length);
        to.writeBytes(utf8);
    }

    private static void int32(ByteArrayOutputStream to, int value) {
        to.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void int64(ByteArrayOutputStream to, long value) {
        to.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
