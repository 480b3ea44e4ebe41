package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.DaemonThreads;
import io.tramontane.model.HeldBytes;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.VectorRange;
import io.tramontane.model.WeightSnapshot;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the weights of an offer, from all its ranks at once, and checks every range. Ranges that have the checksum that they
 * had in the last version are copied from it, if it is still in memory: with adapters most tensors never change. Then the digest
 * of the whole is checked as well.
 */
public final class WeightPuller {
    private static final Logger LOG = LoggerFactory.getLogger(WeightPuller.class);
    private static final Duration DEADLINE = Duration.ofMinutes(5);
    private static final int THREADS = 8;
    private static final int PIECE = 1 << 24;

    private final BufferAllocator allocator;
    private final Secret secret;
    private final PolicyConfig config;
    private WeakReference<WeightSnapshot> last = new WeakReference<>(null);
    private Map<VectorRange, Long> lastChecksums = Map.of();

    /** For policies of one shape. */
    public WeightPuller(BufferAllocator allocator, Secret secret, PolicyConfig config) {
        this.allocator = allocator;
        this.secret = secret;
        this.config = config;
    }

    /** Theta of exactly that version. */
    public synchronized WeightSnapshot pull(Offer offer) {
        List<Offer.Source> sources =
                offer.sources().stream().filter(s -> !s.ranges().isEmpty()).toList();
        WeightSnapshot before = last.get();
        Map<VectorRange, Long> same = before == null ? Map.of() : same(sources);
        WeightSnapshot weights = pull(offer, sources, before, same.keySet());
        if (!same.isEmpty() && !weights.digest().equals(offer.digest())) {
            LOG.warn(
                    "weights of version {}: a range has changed but not its checksum, all are fetched",
                    offer.version());
            weights = pull(offer, sources, before, Set.of());
        }
        last = new WeakReference<>(weights);
        lastChecksums = checksums(sources);
        return weights;
    }

    private Map<VectorRange, Long> same(List<Offer.Source> sources) {
        Map<VectorRange, Long> same = checksums(sources);
        same.entrySet().removeIf(range -> !range.getValue().equals(lastChecksums.get(range.getKey())));
        return same;
    }

    private static Map<VectorRange, Long> checksums(List<Offer.Source> sources) {
        Map<VectorRange, Long> checksums = new HashMap<>();
        for (Offer.Source source : sources)
            for (int i = 0; i < source.ranges().size(); i++)
                checksums.put(source.ranges().get(i), source.checksums().get(i));
        return checksums;
    }

    private WeightSnapshot pull(Offer offer, List<Offer.Source> sources, WeightSnapshot before, Set<VectorRange> same) {
        WeightSnapshot weights = new WeightSnapshot(config, offer.version());
        checkWhole(offer, sources, weights);
        copy(before, weights, List.copyOf(same));
        if (sources.size() == 1) fetch(sources.get(0), weights, same);
        else pullTogether(sources, weights, same);
        return weights;
    }

    private void pullTogether(List<Offer.Source> sources, WeightSnapshot weights, Set<VectorRange> same) {
        ExecutorService threads =
                Executors.newFixedThreadPool(Math.min(THREADS, sources.size()), DaemonThreads.named("weight-puller"));
        try {
            List<Future<?>> pulls = new ArrayList<>();
            for (Offer.Source source : sources) pulls.add(threads.submit(() -> copyOrFetch(source, weights, same)));
            for (Future<?> pull : pulls) pull.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("interrupted while weights are fetched", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Sources write to different ranges, so they may do it at the same time. */
    private void copyOrFetch(Offer.Source source, WeightSnapshot weights, Set<VectorRange> same) {
        Optional<WeightSnapshot> here = WeightServer.shared(source, weights.version());
        if (here.isEmpty()) fetch(source, weights, same);
        else copy(here.get(), weights, source.ranges());
    }

    private static void copy(WeightSnapshot from, WeightSnapshot into, List<VectorRange> ranges) {
        for (VectorRange range : ranges) {
            long end = range.end() * Float.BYTES;
            for (long at = range.offset() * Float.BYTES; at < end; at += PIECE) {
                ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, end - at));
                from.read(at, piece);
                into.write(at, piece.flip());
            }
        }
    }

    /** What one rank serves beside some ranges, over the network; returns {@code weights}. */
    WeightSnapshot fetch(Offer.Source source, WeightSnapshot weights, Set<VectorRange> without) {
        List<Integer> parts = IntStream.range(0, source.ranges().size())
                .filter(i -> !without.contains(source.ranges().get(i)))
                .boxed()
                .toList();
        if (parts.isEmpty()) return weights;
        HeldBytes held = new HeldBytes(parts.stream().map(source.ranges()::get).toList());
        FlightPeer.Call call = new FlightPeer.Call(WeightServer.STREAM, weights.version(), DEADLINE);
        try (FlightPeer trainer = new FlightPeer(allocator, "trainer", source.server(), secret)) {
            trainer.fetch(call, new WeightServer.Wanted(weights.version(), parts), into(weights, held));
        }
        check(source, weights);
        return weights;
    }

    private static Sink into(WeightSnapshot weights, HeldBytes held) {
        return new Sink() {
            @Override
            public void open(JsonNode head, long bytes) {
                if (bytes != held.bytes())
                    throw new IllegalStateException(
                            "policy has " + bytes + " bytes there and " + held.bytes() + " here");
            }

            @Override
            public void write(long offset, ByteBuffer from) {
                held.forEach(offset, from.remaining(), (at, count) -> {
                    ByteBuffer part = from.slice(from.position(), count);
                    weights.write(at, part);
                    from.position(from.position() + count);
                });
            }
        };
    }

    /** A rank that is missing from the offer must not leave zeros. */
    private static void checkWhole(Offer offer, List<Offer.Source> sources, WeightSnapshot weights) {
        long bytes = sources.stream()
                .flatMap(source -> source.ranges().stream())
                .mapToLong(range -> range.length() * Float.BYTES)
                .sum();
        if (bytes != weights.bytes())
            throw new IllegalStateException("weights of version " + offer.version() + ": the ranks serve " + bytes
                    + " bytes, policy has " + weights.bytes());
    }

    private static void check(Offer.Source source, WeightSnapshot weights) {
        for (int i = 0; i < source.ranges().size(); i++) {
            VectorRange range = source.ranges().get(i);
            long found = weights.checksum(range);
            long promised = source.checksums().get(i);
            if (found != promised)
                throw new IllegalStateException("weights of version " + weights.version() + " from " + source.server()
                        + ": tensor " + name(weights, range) + " has checksum " + Long.toHexString(found)
                        + ", promised " + Long.toHexString(promised));
        }
    }

    private static String name(WeightSnapshot weights, VectorRange range) {
        return weights.tensors().stream()
                .filter(tensor -> tensor.range().and(range).isPresent())
                .map(TensorRange::name)
                .findFirst()
                .orElse("");
    }
}
