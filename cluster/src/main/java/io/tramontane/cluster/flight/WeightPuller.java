package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.model.PolicyConfig;
import io.tramontane.model.TensorRange;
import io.tramontane.model.WeightSnapshot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Fetches the weights of an offer and checks every tensor. */
public final class WeightPuller {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final BufferAllocator allocator;
    private final Secret secret;
    private final PolicyConfig config;

    /** For policies of one shape. */
    public WeightPuller(BufferAllocator allocator, Secret secret, PolicyConfig config) {
        this.allocator = allocator;
        this.secret = secret;
        this.config = config;
    }

    /** Theta of exactly that version. */
    public WeightSnapshot pull(Offer offer) {
        WeightSnapshot weights = new WeightSnapshot(config, offer.version());
        FlightPeer.Call call = new FlightPeer.Call(WeightServer.STREAM, offer.version(), DEADLINE);
        try (FlightPeer trainer = new FlightPeer(allocator, "trainer", offer.server(), secret)) {
            trainer.fetch(call, new WeightServer.Wanted(offer.version()), into(weights));
        }
        check(offer, weights);
        return weights;
    }

    private static Sink into(WeightSnapshot weights) {
        return new Sink() {
            @Override
            public void open(JsonNode head, long bytes) {
                if (bytes != weights.bytes())
                    throw new IllegalStateException(
                            "policy has " + bytes + " bytes there and " + weights.bytes() + " here");
            }

            @Override
            public void write(long offset, ByteBuffer from) {
                weights.write(offset, from);
            }
        };
    }

    private static void check(Offer offer, WeightSnapshot weights) {
        List<TensorRange> tensors = weights.tensors();
        for (int i = 0; i < tensors.size(); i++) {
            long found = weights.checksum(tensors.get(i));
            long promised = offer.checksums().get(i);
            if (found != promised)
                throw new IllegalStateException("weights of version " + offer.version() + " from " + offer.server()
                        + ": tensor " + tensors.get(i).name() + " has checksum " + Long.toHexString(found)
                        + ", promised " + Long.toHexString(promised));
        }
    }
}
