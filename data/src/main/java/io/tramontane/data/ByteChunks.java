package io.tramontane.data;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Bytes in memory, in pieces: an array ends at 2 GiB, this does not. Written once, then read from anywhere. */
public final class ByteChunks extends OutputStream {
    private static final int SMALLEST = 1 << 12;
    private static final int LARGEST = 1 << 24;

    private final List<byte[]> chunks = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private long size;

    /** A copy of an array. */
    public static ByteChunks of(byte[] bytes) {
        ByteChunks chunks = new ByteChunks();
        chunks.write(ByteBuffer.wrap(bytes));
        return chunks;
    }

    /** How many. */
    public long size() {
        return size;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        write(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Adds all that remains. */
    public void write(ByteBuffer from) {
        while (from.hasRemaining()) {
            int last = chunks.size() - 1;
            int used = last < 0 ? 0 : (int) (size - starts.get(last));
            if (last < 0 || used == chunks.get(last).length) {
                starts.add(size);
                chunks.add(new byte[(int) Math.min(LARGEST, Math.max(SMALLEST, Math.max(size, from.remaining())))]);
                continue;
            }
            int n = Math.min(from.remaining(), chunks.get(last).length - used);
            from.get(chunks.get(last), used, n);
            size += n;
        }
    }

    /** Fills {@code into} with the bytes from an offset on. */
    public void read(long offset, ByteBuffer into) {
        int index = Collections.binarySearch(starts, offset);
        int chunk = index >= 0 ? index : -index - 2;
        for (long at = offset; into.hasRemaining(); chunk++) {
            int from = (int) (at - starts.get(chunk));
            int n = Math.min(into.remaining(), chunks.get(chunk).length - from);
            into.put(chunks.get(chunk), from, n);
            at += n;
        }
    }

    /** All bytes, from the first. */
    public InputStream stream() {
        return new InputStream() {
            private long at;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (length == 0) return 0;
                int n = (int) Math.min(length, size - at);
                if (n <= 0) return -1;
                ByteChunks.this.read(at, ByteBuffer.wrap(into, offset, n));
                at += n;
                return n;
            }
        };
    }
}
