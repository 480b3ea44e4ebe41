package io.tramontane.model;

import io.tramontane.data.BadInputException;
import io.tramontane.model.gguf.GgufTensor.Encoding;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Copies stored tensors into theta as float32; NaN and infinities are bad input. The file is memory-mapped a piece at a time, so that reading a model takes
 * theta and a buffer of {@link #CHUNK} bytes, whatever the size of its tensors.
 */
final class TensorReader implements AutoCloseable {
    private static final int CHUNK = 1 << 24;

    private final Path file;
    private final FileChannel channel;

    TensorReader(Path file) {
        this.file = file;
        try {
            this.channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    /** Fills one range of the snapshot; the shapes are known to agree. */
    void copy(StoredTensor tensor, WeightSnapshot into, TensorRange range) {
        pieces(tensor, tensor.encoding().blockLength(), (at, floats) -> {
            Finite.check(tensor, at, floats);
            into.write(bytes(range.offset() + at), floats);
        });
    }

    /**
     * The same with the rows of every head put into another order: the file's row {@code 2j + p} of a head is row
     * {@code p * D/2 + j} here. llama.cpp and Mistral store the rotated pairs of Llama's query and key side by side.
     */
    void copyInterleaved(StoredTensor tensor, WeightSnapshot into, TensorRange range, int headSize) {
        long row = tensor.shape()[1];
        pieces(tensor, row, (at, floats) -> {
            Finite.check(tensor, at, floats);
            for (long from = at / row; floats.hasRemaining(); from++) {
                ByteBuffer one = floats.slice(floats.position(), (int) bytes(row));
                floats.position(floats.position() + one.limit());
                into.write(bytes(range.offset() + target(from, headSize) * row), one);
            }
        });
    }

    /** Where the file's row of rotated pairs lies here. */
    static long target(long row, int headSize) {
        long inHead = row % headSize;
        return row - inHead + inHead % 2 * (headSize / 2) + inHead / 2;
    }

    /** A small tensor's numbers. */
    void read(StoredTensor tensor, float[] into) {
        pieces(tensor, into.length, (at, floats) -> floats.asFloatBuffer().get(into));
    }

    /** Whether two stored tensors hold the same bytes. */
    boolean same(StoredTensor one, TensorReader other, StoredTensor two) {
        if (one.encoding() != two.encoding() || one.bytes() != two.bytes()) return false;
        if (one.scale() != null || two.scale() != null) return false;
        for (long at = 0; at < one.bytes(); at += CHUNK) {
            int count = (int) Math.min(CHUNK, one.bytes() - at);
            if (map(one, at, count).mismatch(other.map(two, at, count)) >= 0) return false;
        }
        return true;
    }

    private interface Piece {
        /** Number {@code at} of the tensor and those that follow it, little-endian float32. */
        void take(long at, ByteBuffer floats);
    }

    /** Decodes a tensor piece by piece; pieces are multiples of {@code unit} numbers. */
    private void pieces(StoredTensor tensor, long unit, Piece taker) {
        float[] scales = scales(tensor);
        long most = Math.min(tensor.length(), Math.max(CHUNK / Float.BYTES / unit, 1) * unit);
        ByteBuffer floats =
                ByteBuffer.allocateDirect(Math.toIntExact(bytes(most))).order(ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at < tensor.length(); at += most) {
            floats.clear().limit((int) bytes(Math.min(most, tensor.length() - at)));
            decode(tensor, scales, at, floats);
            taker.take(at, floats);
        }
    }

    /**
     * Fills {@code floats} with a tensor's numbers from {@code at} on; both are multiples of the encoding's block. What lies in
     * the file as it is wanted is read, not mapped: a map stays in memory until the garbage collector finds it.
     */
    void read(StoredTensor tensor, long at, ByteBuffer floats) {
        if (tensor.encoding() == Encoding.F32 && tensor.scale() == null) readAll(tensor.offset() + bytes(at), floats);
        else decode(tensor, scales(tensor), at, floats);
        Finite.check(tensor, at, floats);
    }

    private void readAll(long from, ByteBuffer into) {
        try {
            for (long at = from; into.hasRemaining(); at = from + into.position())
                if (channel.read(into, at) < 0) throw new EOFException("it ends at byte " + at);
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
        into.flip();
    }

    private static float[] scales(StoredTensor tensor) {
        return tensor.scale() == null ? null : tensor.scale().read();
    }

    private void decode(StoredTensor tensor, float[] scales, long at, ByteBuffer floats) {
        int block = tensor.encoding().blockLength();
        int blockBytes = tensor.encoding().blockBytes();
        long count = floats.remaining() / Float.BYTES;
        ByteBuffer stored = map(tensor, at / block * blockBytes, count / block * blockBytes);
        StoredNumbers.decode(tensor.encoding(), stored, floats);
        floats.flip();
        if (scales != null) tensor.scale().apply(scales, tensor.shape()[1], at, floats);
    }

    private static long bytes(long numbers) {
        return numbers * Float.BYTES;
    }

    private ByteBuffer map(StoredTensor tensor, long from, long count) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset() + from, count)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new BadInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
