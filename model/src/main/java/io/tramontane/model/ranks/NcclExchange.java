package io.tramontane.model.ranks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.tramontane.data.BadInputException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Vectors travel from GPU to GPU by NCCL, on one machine or between several. NCCL chooses the order in which numbers are added.
 * Its connections are its own: whoever has the id, which travels round the ring, could take part.
 */
final class NcclExchange implements Exchange {
    private static final String READY = "ready";

    private final Ring ring;
    private final Messages messages;
    private final NcclCommunicator communicator;
    private final Device device;

    private NcclExchange(Ring ring, Messages messages, NcclCommunicator communicator, Device device) {
        this.ring = ring;
        this.messages = messages;
        this.communicator = communicator;
        this.device = device;
    }

    /**
     * Waits for all ranks. Where one lacks a library, all fail and name it.
     *
     * @param load looks for the libraries
     * @param device of this rank
     */
    static NcclExchange open(Ring ring, Messages messages, Supplier<CudaLibraries> load, Device device) {
        CudaLibraries libraries = null;
        byte[] id = {};
        String state = READY;
        try {
            libraries = load.get();
            if (ring.rank() == 0) id = NcclCommunicator.newId(libraries.nccl());
        } catch (BadInputException | IllegalStateException e) {
            state = e.getMessage();
        }
        List<byte[]> states = messages.gather(state.getBytes(UTF_8));
        for (int rank = 0; rank < states.size(); rank++) {
            String said = new String(states.get(rank), UTF_8);
            if (!said.equals(READY))
                throw new BadInputException("rank " + rank + " of " + ring.count() + " ("
                        + ring.places().get(rank) + ") cannot use NCCL: " + said);
        }
        byte[] idOfFirst = messages.gather(id).get(0);
        return new NcclExchange(
                ring, messages, new NcclCommunicator(ring, libraries, device.getDeviceId(), idOfFirst), device);
    }

    @Override
    public String name() {
        return "NCCL";
    }

    @Override
    public NDArray vector(NDManager owner, long length) {
        messages.same(length);
        return owner.zeros(new Shape(length), DataType.FLOAT32, device);
    }

    @Override
    public void reduceScatter(NDArray whole) {
        long length = whole.size() / ring.count();
        long at = address(whole);
        communicator.reduceScatter(at, at + ring.rank() * length * Float.BYTES, length);
    }

    @Override
    public void allGather(NDArray whole) {
        long length = whole.size() / ring.count();
        long at = address(whole);
        communicator.allGather(at + ring.rank() * length * Float.BYTES, at, length);
    }

    @Override
    public void allGather(NDArray own, NDArray whole) {
        communicator.allGather(address(own), address(whole), own.size());
    }

    private long address(NDArray array) {
        if (!array.getDevice().equals(device) || array.getDataType() != DataType.FLOAT32)
            throw new IllegalArgumentException("a vector of " + array.getDataType() + " on " + array.getDevice()
                    + ", NCCL exchanges float32 on " + device);
        return NativeMemory.address(array);
    }

    @Override
    public void close() {
        communicator.close();
    }
}
