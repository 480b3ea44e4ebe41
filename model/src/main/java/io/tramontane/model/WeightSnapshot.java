package io.tramontane.model;

import io.tramontane.data.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Theta at one policy version, in plain memory: little-endian float32, outside the Java heap, in chunks of up to 1 GiB.
 * Filled once with {@link #write}, then only read; after that it may be shared between threads.
 */
public final class WeightSnapshot {
    private static final int CHUNK = 1 << 30;

    /** A cache line: matrix products read a snapshot in place. */
    private static final int LINE = 64;

    /** Size in bytes from which the memory of unreachable snapshots is freed before more is allocated. */
    private static final long LARGE = 1L << 26;

    private final PolicyConfig config;
    private final int version;
    private final List<TensorRange> tensors;
    private final ByteBuffer[] chunks;
    private final long bytes;

    /** All zero. */
    public WeightSnapshot(PolicyConfig config, int version) {
        this(config, config.tensors(), version);
    }

    /** All zero, of other tensors that belong to the policy: its adapters. */
    WeightSnapshot(PolicyConfig config, List<TensorRange> tensors, int version) {
        this.config = config;
        this.version = version;
        this.tensors = tensors;
        TensorRange last = tensors.get(tensors.size() - 1);
        this.bytes = Math.multiplyExact(last.offset() + last.length(), (long) Float.BYTES);
        collect(bytes);
        this.chunks = new ByteBuffer[(int) ((bytes + CHUNK - 1) / CHUNK)];
        for (int i = 0; i < chunks.length; i++) {
            int size = (int) Math.min(CHUNK, bytes - (long) i * CHUNK);
            ByteBuffer memory = ByteBuffer.allocateDirect(size + 2 * LINE).alignedSlice(LINE);
            chunks[i] = memory.limit(size).slice().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Frees the memory of unreachable snapshots if they are large: the garbage collector sees only a small heap, and
     * would leave gigabytes outside of it allocated. The memory is free a moment later.
     */
    public static void collect(long bytes) {
        if (bytes >= LARGE) System.gc();
    }

    /** The same bytes under another version number; the memory is shared. */
    public WeightSnapshot withVersion(int newVersion) {
        return new WeightSnapshot(this, newVersion);
    }

    private WeightSnapshot(WeightSnapshot other, int version) {
        this.config = other.config;
        this.version = version;
        this.tensors = other.tensors;
        this.bytes = other.bytes;
        this.chunks = other.chunks;
    }

    /** Shape of the policy. */
    public PolicyConfig config() {
        return config;
    }

    /** Policy version: training steps done. */
    public int version() {
        return version;
    }

    /** Size of the vector in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Whether all of it lies in one piece of memory. */
    boolean isOnePiece() {
        return chunks.length == 1;
    }

    /** Named parameters in their order. */
    public List<TensorRange> tensors() {
        return tensors;
    }

    /** Fills {@code into} with the bytes from an offset on. */
    public void read(long byteOffset, ByteBuffer into) {
        copy(byteOffset, into.remaining(), (chunk, length) -> {
            chunk.limit(chunk.position() + length);
            into.put(chunk);
        });
    }

    /** Writes all remaining bytes of {@code from} at an offset. */
    public void write(long byteOffset, ByteBuffer from) {
        copy(byteOffset, from.remaining(), (chunk, length) -> {
            ByteBuffer part = from.duplicate();
            part.limit(part.position() + length);
            chunk.put(part);
            from.position(from.position() + length);
        });
    }

    private interface Move {
        void apply(ByteBuffer chunk, int length);
    }

    private void copy(long byteOffset, int count, Move move) {
        if (byteOffset < 0 || byteOffset + count > bytes)
            throw new IndexOutOfBoundsException("bytes " + byteOffset + " to " + (byteOffset + count) + " of " + bytes);
        long at = byteOffset;
        int left = count;
        while (left > 0) {
            ByteBuffer chunk = chunks[(int) (at / CHUNK)].duplicate().order(ByteOrder.LITTLE_ENDIAN);
            chunk.position((int) (at % CHUNK));
            int length = Math.min(left, chunk.remaining());
            move.apply(chunk, length);
            at += length;
            left -= length;
        }
    }

    /** CRC32C of one parameter's bytes. */
    public long checksum(TensorRange tensor) {
        CRC32C crc = new CRC32C();
        long from = tensor.offset() * Float.BYTES;
        long left = tensor.length() * Float.BYTES;
        while (left > 0) {
            ByteBuffer part = part(from, left);
            from += part.remaining();
            left -= part.remaining();
            crc.update(part);
        }
        return crc.getValue();
    }

    /** SHA-256 of all bytes, in hexadecimal: two runs that agree here have bit-identical weights. */
    public String digest() {
        MessageDigest sha = Sha256.digest();
        for (ByteBuffer chunk : chunks) sha.update(chunk.duplicate());
        return Sha256.of(sha);
    }

    /** A view of at most {@code most} bytes from an offset, as far as one chunk reaches; do not write to it. */
    ByteBuffer part(long byteOffset, long most) {
        ByteBuffer chunk = chunks[(int) (byteOffset / CHUNK)].duplicate();
        chunk.position((int) (byteOffset % CHUNK));
        chunk.limit((int) Math.min(chunk.limit(), chunk.position() + most));
        return chunk.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
