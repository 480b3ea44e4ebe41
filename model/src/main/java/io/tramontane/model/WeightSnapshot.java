package io.tramontane.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Theta at one policy version, or the ranges of it that a rank holds, in plain memory: little-endian float32, outside the Java
 * heap, in chunks of up to 1 GiB. Filled once with {@link #write}, then only read; after that it may be shared between threads.
 */
public final class WeightSnapshot implements VectorSource {
    private static final int CHUNK = 1 << 30;

    /** A cache line: matrix products read a snapshot in place. */
    private static final int LINE = 64;

    /** Size in bytes from which the memory of unreachable snapshots is freed before more is allocated. */
    private static final long LARGE = 1L << 26;

    private final PolicyConfig config;
    private final int version;
    private final List<TensorRange> tensors;
    private final HeldBytes held;
    private final ByteBuffer[] chunks;
    private final long bytes;
    private volatile String digest; // null until somebody asks

    /** All zero. */
    public WeightSnapshot(PolicyConfig config, int version) {
        this(config, config.tensors(), version);
    }

    /** All zero, of some ranges of theta alone, in order. */
    public static WeightSnapshot ofRanges(PolicyConfig config, int version, List<VectorRange> ranges) {
        return new WeightSnapshot(config, config.tensors(), version, ranges);
    }

    /** All zero, of other tensors that belong to the policy: its adapters. */
    WeightSnapshot(PolicyConfig config, List<TensorRange> tensors, int version) {
        this(config, tensors, version, List.of(new VectorRange(0, length(tensors))));
    }

    /** The same of some ranges alone, in order: what is written elsewhere is dropped, and nothing is read there. */
    WeightSnapshot(PolicyConfig config, List<TensorRange> tensors, int version, List<VectorRange> ranges) {
        this.config = config;
        this.version = version;
        this.tensors = tensors;
        this.bytes = Math.multiplyExact(length(tensors), (long) Float.BYTES);
        this.held = new HeldBytes(ranges);
        collect(held.bytes());
        this.chunks = new ByteBuffer[(int) ((held.bytes() + CHUNK - 1) / CHUNK)];
        for (int i = 0; i < chunks.length; i++) {
            int size = (int) Math.min(CHUNK, held.bytes() - (long) i * CHUNK);
            ByteBuffer memory = ByteBuffer.allocateDirect(size + 2 * LINE).alignedSlice(LINE);
            chunks[i] = memory.limit(size).slice().order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static long length(List<TensorRange> tensors) {
        TensorRange last = tensors.get(tensors.size() - 1);
        return last.offset() + last.length();
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
        this.held = other.held;
        this.bytes = other.bytes;
        this.chunks = other.chunks;
    }

    /** Shape of the policy. */
    @Override
    public PolicyConfig config() {
        return config;
    }

    /** Policy version: training steps done. */
    public int version() {
        return version;
    }

    /** Size of the vector in bytes, whatever of it is held. */
    @Override
    public long bytes() {
        return bytes;
    }

    /** The ranges that are held, in order. */
    @Override
    public List<VectorRange> held() {
        return held.ranges();
    }

    /** Whether all of it is held. */
    public boolean isWhole() {
        return held.bytes() == bytes;
    }

    /** Whether all of it lies in one piece of memory. */
    boolean isOnePiece() {
        return chunks.length == 1 && isWhole();
    }

    /** Named parameters in their order. */
    @Override
    public List<TensorRange> tensors() {
        return tensors;
    }

    @Override
    public void read(long byteOffset, ByteBuffer into) {
        check(byteOffset, into.remaining());
        VectorSource.super.read(byteOffset, into);
    }

    /** Writes all remaining bytes of {@code from} at an offset. */
    public void write(long byteOffset, ByteBuffer from) {
        check(byteOffset, from.remaining());
        digest = null;
        long at = byteOffset;
        while (from.hasRemaining()) {
            long gap = Math.min(held.gap(at), from.remaining());
            from.position(from.position() + (int) gap);
            at += gap;
            if (!from.hasRemaining()) return;
            ByteBuffer into = part(at, from.remaining());
            ByteBuffer piece = from.duplicate();
            piece.limit(piece.position() + into.remaining());
            at += into.remaining();
            from.position(piece.limit());
            into.put(piece);
        }
    }

    private void check(long byteOffset, long count) {
        if (byteOffset < 0 || byteOffset + count > bytes)
            throw new IndexOutOfBoundsException("bytes " + byteOffset + " to " + (byteOffset + count) + " of " + bytes);
    }

    /** CRC32C of one parameter's bytes. */
    public long checksum(TensorRange tensor) {
        return checksum(tensor.range());
    }

    /** CRC32C of one range's bytes. */
    public long checksum(VectorRange range) {
        CRC32C crc = new CRC32C();
        long from = range.offset() * Float.BYTES;
        long left = range.length() * Float.BYTES;
        while (left > 0) {
            ByteBuffer part = part(from, left);
            from += part.remaining();
            left -= part.remaining();
            crc.update(part);
        }
        return crc.getValue();
    }

    /** SHA-256 of all bytes, in hexadecimal: two runs that agree here have bit-identical weights. */
    @Override
    public String digest() {
        if (!isWhole()) throw new IllegalStateException("a digest of ranges");
        String known = digest;
        if (known != null) return known;
        WeightDigest sha = WeightDigest.begin();
        for (ByteBuffer chunk : chunks) sha.update(chunk.duplicate());
        digest = sha.hex();
        return digest;
    }

    /** A view of at most {@code most} bytes from an offset, as far as one range and one chunk reach; do not write to it. */
    @Override
    public ByteBuffer part(long byteOffset, long most) {
        long at = held.at(byteOffset);
        ByteBuffer chunk = chunks[(int) (at / CHUNK)].duplicate();
        chunk.position((int) (at % CHUNK));
        long reach = Math.min(most, held.reach(byteOffset));
        chunk.limit((int) Math.min(chunk.limit(), chunk.position() + reach));
        return chunk.slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
