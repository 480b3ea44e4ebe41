package io.tramontane.model.ranks;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the ranks of a stage together and chooses how vectors travel: by shared memory where all ranks are on one machine,
 * otherwise over sockets.
 *
 * @param rank of this one, from 0
 * @param count of all
 * @param host address that this rank listens on
 * @param secret of the run: who does not know it is no rank
 * @param patience how long a neighbour may give no sign of life
 * @param most bytes of vectors in shared memory that a rank may allocate: address space, taken as it is written to; 0 takes
 *     sockets in any case
 */
public record Ranks(int rank, int count, String host, byte[] secret, Duration patience, long most) {
    private static final Logger LOG = LoggerFactory.getLogger(Ranks.class);

    /** Waits for the others. */
    public Collectives meet(Rendezvous rendezvous) {
        if (count == 1) return Collectives.ALONE;
        try (Doors doors = new Doors(host, secret, patience)) {
            Place mine = new Place(host, doors.port(), ProcessHandle.current().pid(), Place.thisMachine(), false);
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
        NDManager manager = NDManager.newBaseManager("PyTorch");
        boolean oneMachine =
                ring.places().stream().map(Place::machine).distinct().count() == 1;
        if (!oneMachine || most == 0) return new RingExchange(ring, manager);
        SharedMemory memory = shared(ring, messages);
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
        String path = memory == null ? "" : memory.path();
        List<String> paths = messages.gather(path.getBytes(UTF_8)).stream()
                .map(bytes -> new String(bytes, UTF_8))
                .toList();
        boolean mapped = false;
        try {
            if (memory != null && !paths.contains("")) {
                memory.map(paths);
                mapped = true;
            }
        } catch (IOException e) {
            LOG.warn("no shared memory between ranks", e);
        }
        if (messages.all(mapped)) return memory;
        if (memory != null) memory.close();
        return null;
    }
}
