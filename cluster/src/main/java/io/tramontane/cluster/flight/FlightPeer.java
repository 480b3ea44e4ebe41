package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client's end of one {@link FlightHost}. Threads may share it. */
public final class FlightPeer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlightPeer.class);

    private final String peer;
    private final FlightClient client;
    private final BufferAllocator allocator;
    private final CallOption secret;

    /**
     * Connects when the first call is made; only a server that has the key of the address's certificate gets the secret.
     *
     * @param name how errors call the other side, for example "driver"
     */
    public FlightPeer(BufferAllocator parent, String name, Address address, Secret secret) {
        this.peer = name + " at " + address;
        this.secret = secret.option();
        this.allocator = parent.newChildAllocator("peer " + name, 0, Long.MAX_VALUE);
        this.client = FlightClient.builder(allocator, Location.forGrpcTls(address.host(), address.port()))
                .useTls()
                .trustedCertificates(ServerKey.pem(address.certificate()))
                .overrideHostname(ServerKey.NAME)
                .maxInboundMessageSize(Limits.ANSWER)
                .build();
    }

    /**
     * What a call is for: errors name it, and its deadline ends it.
     *
     * @param phase name of the call
     * @param version policy version of the caller
     * @param deadline longest duration of the whole call
     */
    public record Call(String phase, int version, Duration deadline) {}

    /** Asks a small question. */
    public <T> T ask(Call call, Object request, Class<T> answer) {
        return guarded(call, () -> {
            byte[] json = Json.command(call.phase(), request).bytes();
            Limits.check("request", json.length, Limits.REQUEST);
            Iterator<Result> results = client.doAction(new Action(call.phase(), json), options(call));
            byte[] body = results.next().getBody();
            while (results.hasNext()) results.next();
            return Json.convert(Json.tree(body), answer);
        });
    }

    /** Fetches bytes into a sink. */
    public void fetch(Call call, Object request, Sink sink) {
        guarded(call, () -> {
            Ticket ticket = new Ticket(Json.command(call.phase(), request).bytes());
            try (FlightStream stream = client.getStream(ticket, options(call))) {
                ByteStream.receive(stream, sink);
            }
            return null;
        });
    }

    /** Sends bytes and returns the answer. Everything is handed to the connection at once: keep it to some megabytes. */
    public <T> T put(Call call, Payload payload, Class<T> answer) {
        return guarded(call, () -> {
            SyncPutListener results = new SyncPutListener();
            FlightDescriptor descriptor = FlightDescriptor.command(call.phase().getBytes(StandardCharsets.UTF_8));
            try (results;
                    VectorSchemaRoot root = ByteStream.root(allocator)) {
                FlightClient.ClientStreamListener out = client.startPut(descriptor, root, results, options(call));
                ByteStream.send(payload, root, out, () -> {});
                out.completed();
                JsonNode reply;
                try (PutResult result = results.read()) {
                    if (result == null) throw new IllegalStateException("no answer");
                    reply = Json.tree(ByteStream.bytes(result.getApplicationMetadata()));
                }
                out.getResult();
                return Json.convert(reply, answer);
            }
        });
    }

    private CallOption[] options(Call call) {
        return new CallOption[] {secret, CallOptions.timeout(call.deadline().toMillis(), TimeUnit.MILLISECONDS)};
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private <T> T guarded(Call call, Work<T> work) {
        try {
            return work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(call, "interrupted", e);
        } catch (FlightRuntimeException e) {
            boolean late = e.status().code() == FlightStatusCode.TIMED_OUT;
            throw failure(
                    call,
                    late
                            ? "no answer within " + call.deadline().toMillis() + " ms"
                            : e.status().code() + ": " + e.getMessage(),
                    e);
        } catch (Exception e) {
            throw failure(call, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    /** Whatever the other side answers is final; what did not get there, or not back, is not. */
    private static boolean passing(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) return true;
            if (!(cause instanceof FlightRuntimeException e)) continue;
            FlightStatusCode code = e.status().code();
            if (code == FlightStatusCode.UNAVAILABLE || code == FlightStatusCode.TIMED_OUT) return true;
        }
        return false;
    }

    private PeerException failure(Call call, String what, Exception cause) {
        return new PeerException(
                peer + ", phase " + call.phase() + ", policy version " + call.version() + ": " + what,
                cause,
                passing(cause));
    }

    @Override
    public void close() {
        try {
            client.close();
            LateBuffers.close(allocator);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException leftovers) {
            LOG.debug("a call to {} was still running when the peer closed", peer, leftovers);
        }
    }
}
