package io.tramontane.model.ranks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Ranks of one machine read each other's vectors where they lie; the ring only says when. */
final class SharedMemoryExchange implements Exchange {
    private static final long PIECE = 1 << 18;

    private final Ring ring;
    private final Messages messages;
    private final SharedMemory memory;
    private final NDManager manager;
    private final long sums; // address of PIECE numbers

    SharedMemoryExchange(Ring ring, Messages messages, SharedMemory memory, NDManager parent) {
        this.ring = ring;
        this.messages = messages;
        this.memory = memory;
        this.manager = parent.newSubManager();
        this.sums = NativeMemory.address(manager.zeros(new Shape(PIECE), DataType.FLOAT32));
    }

    @Override
    public String name() {
        return "shared memory";
    }

    @Override
    public NDArray vector(NDManager owner, long length) {
        messages.same(length);
        return NativeMemory.array(owner, memory.address(ring.rank(), memory.allocate(length * Float.BYTES)), length);
    }

    @Override
    public void reduceScatter(NDArray whole) {
        int rank = ring.rank();
        int count = ring.count();
        long length = whole.size() / count;
        long offset = memory.offset(NativeMemory.address(whole)) + rank * length * Float.BYTES;
        messages.barrier(); // all vectors are there
        for (long done = 0; done < length; done += PIECE) {
            long numbers = Math.min(PIECE, length - done);
            long at = offset + done * Float.BYTES;
            long others = memory.address((rank + 1) % count, at);
            if (count > 2) {
                NativeMemory.copy(sums, others, numbers);
                others = sums;
            }
            for (int i = 2; i < count; i++)
                NativeMemory.add(manager, sums, memory.address((rank + i) % count, at), numbers);
            NativeMemory.add(manager, memory.address(rank, at), others, numbers);
        }
        messages.barrier(); // nobody reads them any more
    }

    @Override
    public void allGather(NDArray whole) {
        int rank = ring.rank();
        long length = whole.size() / ring.count();
        long offset = memory.offset(NativeMemory.address(whole));
        messages.barrier();
        for (int i = 1; i < ring.count(); i++) {
            int from = (rank + i) % ring.count();
            long at = offset + from * length * Float.BYTES;
            NativeMemory.copy(memory.address(rank, at), memory.address(from, at), length);
        }
        messages.barrier();
    }

    @Override
    public void allGather(NDArray own, NDArray whole) {
        int rank = ring.rank();
        long length = own.size();
        long offset = memory.offset(NativeMemory.address(own));
        long into = NativeMemory.address(whole);
        messages.barrier();
        for (int i = 0; i < ring.count(); i++) {
            int from = (rank + i) % ring.count();
            NativeMemory.copy(into + from * length * Float.BYTES, memory.address(from, offset), length);
        }
        messages.barrier();
    }

    @Override
    public void close() {
        manager.close();
        memory.close();
    }
}
