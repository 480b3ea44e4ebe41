package io.tramontane.model.ranks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the ranks of a stage together and chooses how vectors travel ({@link Way}).
 *
 * @param rank of this one, from 0
 * @param count of all
 * @param host address that this rank listens on
 * @param secret of the run: who does not know it is no rank
 * @param patience how long a neighbour may give no sign of life
 * @param most bytes of vectors in shared memory that a rank may allocate: address space, taken as it is written to; 0 takes
 *     sockets in any case
 * @param gpu number of the GPU that this rank computes on; none on the CPU
 */
public record Ranks(int rank, int count, String host, byte[] secret, Duration patience, long most, OptionalInt gpu) {
    private static final Logger LOG = LoggerFactory.getLogger(Ranks.class);

    /** Weights, gradient and rooms of the policy and of a reference, with margin. */
    private static final long VECTORS = 8;

    private static final long ROUNDED = 1L << 28;

    /** A rank that computes on the CPU. */
    public Ranks(int rank, int count, String host, byte[] secret, Duration patience, long most) {
        this(rank, count, host, secret, patience, most, OptionalInt.empty());
    }

    /** Room in shared memory for what the ranks of a policy with so many parameters allocate. */
    public static long room(long parameters) {
        return VECTORS * parameters * Float.BYTES + ROUNDED;
    }

    /** Waits for the others. */
    public Collectives meet(Rendezvous rendezvous) {
        if (count == 1) return Collectives.ALONE;
        try (Doors doors = new Doors(host, secret, patience)) {
            Place mine =
                    new Place(host, doors.port(), ProcessHandle.current().pid(), Place.thisMachine(), gpu.isPresent());
            List<Place> places =
                    rendezvous.meet(mine.text()).stream().map(Place::parse).toList();
            if (places.size() != count)
                throw new IllegalStateException("rank " + rank + " met " + places.size() + " ranks, expected " + count);
            Ring ring = new Ring(rank, places, doors, patience);
            boolean made = false;
            try {
                Messages messages = new Messages(ring);
                Collectives collectives = new Collectives(ring, messages, exchange(ring, messages));
                made = true;
                return collectives;
            } finally {
                if (!made) ring.close();
            }
        } catch (IOException e) {
            throw new RankException("rank " + rank + " of " + count + " cannot join the others: " + e.getMessage(), e);
        }
    }

    private Exchange exchange(Ring ring, Messages messages) {
        Way way = Way.of(ring.places(), most > 0);
        if (way == Way.NCCL) return NcclExchange.open(ring, messages, CudaLibraries::load, Device.gpu(gpu.getAsInt()));
        SharedMemory memory = way == Way.SHARED_MEMORY ? shared(ring, messages) : null;
        NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        return memory == null
                ? new RingExchange(ring, manager)
                : new SharedMemoryExchange(ring, messages, memory, manager);
    }

    /** Null where a rank cannot map it: then all take sockets. */
    private SharedMemory shared(Ring ring, Messages messages) {
        SharedMemory memory = null;
        try {
            memory = new SharedMemory(rank, most);
        } catch (IOException e) {
            LOG.warn("no shared memory between ranks", e);
        }
        boolean kept = false;
        try {
            String path = memory == null ? "" : memory.path();
            List<String> paths = messages.gather(path.getBytes(UTF_8)).stream()
                    .map(bytes -> new String(bytes, UTF_8))
                    .toList();
            kept = messages.all(mapped(memory, paths));
        } finally {
            if (!kept && memory != null) memory.close();
        }
        return kept ? memory : null;
    }

    private static boolean mapped(SharedMemory memory, List<String> paths) {
        if (memory == null || paths.contains("")) return false;
        try {
            memory.map(paths);
            return true;
        } catch (IOException e) {
            LOG.warn("no shared memory between ranks", e);
            return false;
        }
    }
}
