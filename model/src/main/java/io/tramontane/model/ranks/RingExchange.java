package io.tramontane.model.ranks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Vectors travel over the ring's connections: for ranks on several machines, without a GPU. */
final class RingExchange implements Exchange {
    /** Numbers that are received, and added, at a time: they stay in a core's cache. */
    private static final long PIECE = 1 << 18;

    private final Ring ring;
    private final NDManager manager;
    private final NDArray arrived;
    private final long arrivedAt;

    RingExchange(Ring ring, NDManager parent) {
        this.ring = ring;
        this.manager = parent.newSubManager();
        this.arrived = manager.zeros(new Shape(PIECE), DataType.FLOAT32);
        this.arrivedAt = NativeMemory.address(arrived);
    }

    @Override
    public String name() {
        return "sockets";
    }

    @Override
    public NDArray vector(NDManager owner, long length) {
        return owner.zeros(new Shape(length), DataType.FLOAT32);
    }

    @Override
    public void reduceScatter(NDArray whole) {
        int count = ring.count();
        long length = whole.size() / count;
        long at = NativeMemory.address(whole);
        for (int i = 0; i < count - 1; i++) {
            long out = at + piece(-i - 1) * length * Float.BYTES;
            long in = at + piece(-i - 2) * length * Float.BYTES;
            for (long done = 0; done < length; done += PIECE) {
                long numbers = Math.min(PIECE, length - done);
                long offset = done * Float.BYTES;
                exchange(out + offset, arrivedAt, numbers);
                NativeMemory.add(manager, in + offset, arrivedAt, numbers);
            }
        }
    }

    /** The number of the piece so many places after the own one. */
    private long piece(int after) {
        return Math.floorMod(ring.rank() + after, ring.count());
    }

    private void exchange(long out, long in, long numbers) {
        long bytes = numbers * Float.BYTES;
        ring.exchange(NativeMemory.bytes(out, bytes), NativeMemory.bytes(in, bytes));
    }

    @Override
    public void allGather(NDArray whole) {
        int count = ring.count();
        long length = whole.size() / count;
        long at = NativeMemory.address(whole);
        for (int i = 0; i < count - 1; i++) {
            long out = at + piece(-i) * length * Float.BYTES;
            long in = at + piece(-i - 1) * length * Float.BYTES;
            for (long done = 0; done < length; done += PIECE)
                exchange(out + done * Float.BYTES, in + done * Float.BYTES, Math.min(PIECE, length - done));
        }
    }

    @Override
    public void allGather(NDArray own, NDArray whole) {
        long mine = NativeMemory.address(whole) + piece(0) * own.size() * Float.BYTES;
        NativeMemory.copy(mine, NativeMemory.address(own), own.size());
        allGather(whole);
    }

    @Override
    public void close() {
        manager.close();
    }
}
