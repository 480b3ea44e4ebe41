package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.HeldBytes;
import io.tramontane.model.TensorRange;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Serves theta of the latest version, and of the latest one that {@code lasting} names (an evaluation may start late and
 * needs exactly that one). Who comes too late for a version finds the next one; a transfer that has begun goes on. A
 * generator in the trainer's own process shares the snapshot.
 */
public final class WeightServer implements AutoCloseable, Service {
    static final String STREAM = "weights";

    /** Spark gives tasks of one process nothing in common but static fields. */
    private static final Map<Address, WeightServer> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final TreeMap<Integer, WeightSnapshot> versions = new TreeMap<>();
    private final IntPredicate lasting;
    private final FlightHost host;

    /**
     * What is asked for.
     *
     * @param version of the weights
     * @param parts numbers of the source's ranges, in order; null for all
     */
    record Wanted(int version, List<Integer> parts) {}

    /** Starts serving nothing yet. */
    public WeightServer(BufferAllocator parent, String address, Secret secret, IntPredicate lasting)
            throws IOException {
        this.lasting = lasting;
        this.host = new FlightHost(parent, address, secret, this);
        IN_THIS_PROCESS.put(host.address(), this);
    }

    /** The very snapshot of an offer that was made in this process, if it is still served there as a whole. */
    public static Optional<WeightSnapshot> shared(Offer offer) {
        if (offer.sources().size() > 1) return Optional.empty();
        return shared(offer.sources().get(0), offer.version()).filter(WeightSnapshot::isWhole);
    }

    /** What a source in this process serves, if it still does. */
    static Optional<WeightSnapshot> shared(Offer.Source source, int version) {
        WeightServer server = IN_THIS_PROCESS.get(source.server());
        if (server == null) return Optional.empty();
        synchronized (server.versions) {
            return Optional.ofNullable(server.versions.get(version));
        }
    }

    /** Before a new version is copied: only what lasts is still served, so that there is one copy fewer. */
    public void makeRoom() {
        long bytes;
        synchronized (versions) {
            bytes = versions.isEmpty() ? 0 : versions.lastEntry().getValue().bytes();
            int keep = lastingVersion();
            versions.keySet().removeIf(version -> version != keep);
        }
        WeightSnapshot.collect(bytes);
    }

    private int lastingVersion() {
        return versions.keySet().stream().filter(lasting::test).reduce(-1, Math::max);
    }

    /** Serves what is held of a version from now on; whoever gets the offer may fetch it. */
    public Offer.Source offer(WeightSnapshot weights) {
        List<VectorRange> ranges = ranges(weights);
        List<Long> checksums = ranges.stream().map(weights::checksum).toList();
        synchronized (versions) {
            versions.put(weights.version(), weights);
            int keep = lastingVersion();
            versions.keySet().removeIf(version -> version < weights.version() && version != keep);
        }
        WeightSnapshot.collect(weights.bytes());
        return new Offer.Source(host.address(), ranges, checksums);
    }

    /** What is held, cut where tensors end. */
    private static List<VectorRange> ranges(WeightSnapshot weights) {
        List<VectorRange> ranges = new ArrayList<>();
        List<TensorRange> tensors = weights.tensors();
        int at = 0;
        for (VectorRange held : weights.held()) {
            while (tensors.get(at).range().end() <= held.offset()) at++;
            for (int t = at; t < tensors.size() && tensors.get(t).offset() < held.end(); t++)
                tensors.get(t).range().and(held).ifPresent(ranges::add);
        }
        return ranges;
    }

    @Override
    public Payload stream(String name, JsonNode request) {
        Wanted wanted = Json.convert(request, Wanted.class);
        int version = wanted.version();
        synchronized (versions) {
            WeightSnapshot weights = versions.get(version);
            if (weights == null)
                throw new IllegalArgumentException(
                        "weights of version " + version + " are not here, only of " + versions.keySet());
            return payload(weights, wanted);
        }
    }

    private static Payload payload(WeightSnapshot weights, Wanted wanted) {
        List<VectorRange> ranges = ranges(weights);
        return new Payload() {
            private final HeldBytes held = new HeldBytes(
                    wanted.parts() == null
                            ? ranges
                            : wanted.parts().stream().map(ranges::get).toList());

            @Override
            public Object head() {
                return wanted;
            }

            @Override
            public long bytes() {
                return held.bytes();
            }

            @Override
            public void read(long offset, ByteBuffer into) {
                held.forEach(offset, into.remaining(), (from, count) -> {
                    ByteBuffer part = into.slice(into.position(), count);
                    weights.read(from, part);
                    into.position(into.position() + count);
                });
            }
        };
    }

    @Override
    public void close() {
        IN_THIS_PROCESS.remove(host.address());
        host.close();
    }
}
