package io.tramontane.model.ranks;

import io.tramontane.data.ByteChunks;
import java.nio.ByteBuffer;
import java.util.List;

/** Small messages round the ring, and bytes from rank 0 to all. Every rank calls the same methods in the same order. */
final class Messages {
    private static final int PIECE = 1 << 20;

    private final Ring ring;

    Messages(Ring ring) {
        this.ring = ring;
    }

    /** Returns when all ranks have called it. */
    void barrier() {
        for (int i = 1; i < ring.count(); i++) ring.exchange(ByteBuffer.allocate(1), ByteBuffer.allocate(1));
    }

    /** What each rank says, by rank. */
    List<byte[]> gather(byte[] mine) {
        int count = ring.count();
        byte[][] all = new byte[count][];
        all[ring.rank()] = mine;
        for (int i = 1; i < count; i++) {
            byte[] pass = all[(ring.rank() + count - i + 1) % count];
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
            ring.exchange(ByteBuffer.allocate(Integer.BYTES).putInt(pass.length).flip(), length);
            byte[] got = new byte[length.flip().getInt()];
            ring.exchange(ByteBuffer.wrap(pass), ByteBuffer.wrap(got));
            all[(ring.rank() + count - i) % count] = got;
        }
        return List.of(all);
    }

    /** Numbers of all ranks, added in the order of the ranks. */
    double[] sum(double[] mine) {
        ByteBuffer bytes = ByteBuffer.allocate(mine.length * Double.BYTES);
        for (double number : mine) bytes.putDouble(number);
        double[] sum = new double[mine.length];
        for (byte[] from : gather(bytes.array())) {
            ByteBuffer numbers = ByteBuffer.wrap(from);
            for (int i = 0; i < sum.length; i++) sum[i] += numbers.getDouble();
        }
        return sum;
    }

    /** The bytes of rank 0; others give null. They go on to the next rank while they arrive. */
    ByteChunks fromFirst(ByteChunks bytes) {
        boolean first = ring.rank() == 0;
        boolean last = ring.rank() == ring.count() - 1;
        ByteBuffer size = ByteBuffer.allocate(Long.BYTES);
        if (first) size.putLong(bytes.size());
        else ring.receive(size);
        long length = size.flip().getLong();
        if (!last) ring.send(size.rewind());
        ByteChunks got = first ? bytes : new ByteChunks();
        for (long at = 0; at < length; at += PIECE) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, length - at));
            if (first) bytes.read(at, piece);
            else ring.receive(piece);
            piece.flip();
            if (!first) got.write(piece.duplicate());
            if (!last) ring.send(piece);
        }
        return got;
    }

    /** Refuses a length of a vector that differs from another rank's. */
    void same(long length) {
        long most = gather(ByteBuffer.allocate(Long.BYTES).putLong(length).array()).stream()
                .mapToLong(bytes -> ByteBuffer.wrap(bytes).getLong())
                .max()
                .orElseThrow();
        if (most != length)
            throw new IllegalStateException("a vector of " + length + " numbers, another rank's has " + most);
    }

    /** Whether all ranks say yes. */
    boolean all(boolean mine) {
        return gather(new byte[] {(byte) (mine ? 1 : 0)}).stream().allMatch(answer -> answer[0] == 1);
    }
}
