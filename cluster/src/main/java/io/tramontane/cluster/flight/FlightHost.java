package io.tramontane.cluster.flight;

import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.OpenSsl;
import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.BackpressureStrategy;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One Flight server on a free port of one address, with TLS by a key of its own. */
public final class FlightHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlightHost.class);
    private static final long CLIENT_MILLIS = 60_000;

    /** Characters of a refusal: it travels in a header, of which gRPC sends at most 8 KiB, escaped. */
    private static final int LONGEST_REFUSAL = 600;

    private final String host;
    private final ServerKey key = ServerKey.create();
    private final FlightServer server;
    private final ExecutorService threads;
    private final BufferAllocator inbound;
    private final BufferAllocator allocator;

    /**
     * Starts the server.
     *
     * @param parent where its memory is counted
     * @param host the address to bind; nothing else is reachable
     */
    public FlightHost(BufferAllocator parent, String host, Secret secret, Service service) throws IOException {
        if (!OpenSsl
                .isAvailable()) // Java's own TLS takes a minute for what this takes a second, without the optimizing
            // compiler
            LOG.warn("Netty's BoringSSL does not load here, weights will be slow", OpenSsl.unavailabilityCause());
        this.host = host;
        this.threads = Executors.newCachedThreadPool(DaemonThreads.named("flight-host"));
        this.allocator = parent.newChildAllocator("flight-host", 0, Long.MAX_VALUE);
        this.inbound = parent.newChildAllocator("flight-host inbound", 0, Limits.INBOUND);
        this.server = FlightServer.builder(
                        inbound, Location.forGrpcTls(host, 0), new Producer(service, allocator, threads))
                .useTls(key.certificatePem(), key.privatePem())
                .maxInboundMessageSize(Limits.REQUEST)
                .middleware(Secret.GATE, secret.gate())
                .executor(threads)
                .transportHint("grpc.builderConsumer", (Consumer<NettyServerBuilder>)
                        builder -> builder.intercept(new RefusedMessages()))
                .build()
                .start();
    }

    /** Where peers find it. */
    public Address address() {
        return new Address(host, server.getPort(), key.certificate());
    }

    @Override
    public void close() {
        try {
            server.shutdown();
            if (!server.awaitTermination(2, TimeUnit.SECONDS)) server.close();
            threads.shutdown();
            threads.awaitTermination(2, TimeUnit.SECONDS);
            LateBuffers.close(inbound);
            LateBuffers.close(allocator);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException leftovers) {
            LOG.warn("a call was still running when the server closed", leftovers);
        }
    }

    private static final class Producer extends NoOpFlightProducer {
        private final Service service;
        private final BufferAllocator allocator;
        private final ExecutorService threads;

        Producer(Service service, BufferAllocator allocator, ExecutorService threads) {
            this.service = service;
            this.allocator = allocator;
            this.threads = threads;
        }

        @Override
        public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
            try {
                Json.Command command = Json.Command.read(action.getBody());
                Object answer = service.answer(command.name(), command.request());
                byte[] json = Json.write(answer);
                Limits.check("answer", json.length, Limits.ANSWER);
                listener.onNext(new Result(json));
                listener.onCompleted();
            } catch (Throwable e) {
                listener.onError(failure(action.getType(), e));
            }
        }

        @Override
        public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
            Json.Command command;
            try {
                command = Json.Command.read(ticket.getBytes());
            } catch (Exception e) { // whatever a stranger's bytes are, the answer comes at once
                listener.error(CallStatus.INVALID_ARGUMENT
                        .withDescription("the ticket is no command")
                        .withCause(e)
                        .toRuntimeException());
                return;
            }
            BackpressureStrategy pressure = new BackpressureStrategy.CallbackBackpressureStrategy();
            pressure.register(listener); // the callbacks need this thread back, so another one sends
            threads.execute(() -> send(command, listener, pressure));
        }

        private void send(Json.Command command, ServerStreamListener listener, BackpressureStrategy pressure) {
            try (VectorSchemaRoot root = ByteStream.root(allocator)) {
                Payload payload = service.stream(command.name(), command.request());
                listener.setUseZeroCopy(true);
                listener.start(root);
                ByteStream.send(payload, root, listener, () -> {
                    BackpressureStrategy.WaitResult result = pressure.waitForListener(CLIENT_MILLIS);
                    if (result != BackpressureStrategy.WaitResult.READY)
                        throw new IllegalStateException("the client does not take more: " + result);
                });
                listener.completed();
            } catch (Throwable e) {
                listener.error(failure(command.name(), e));
            }
        }

        @Override
        public Runnable acceptPut(CallContext context, FlightStream in, StreamListener<PutResult> listener) {
            return () -> {
                String name = "put";
                try {
                    name = new String(in.getDescriptor().getCommand(), java.nio.charset.StandardCharsets.UTF_8);
                    Sink.Memory received = new Sink.Memory(Limits.PUT);
                    ByteStream.receive(in, received);
                    reply(service.accept(name, received), listener);
                    listener.onCompleted();
                } catch (Throwable e) {
                    listener.onError(failure(name, e));
                }
            };
        }

        private void reply(Object answer, StreamListener<PutResult> listener) {
            byte[] json = Json.write(answer);
            ArrowBuf buffer = allocator.buffer(json.length);
            buffer.writeBytes(json);
            try (PutResult result = PutResult.metadata(buffer)) { // owns the buffer now
                listener.onNext(result);
            }
        }

        /** Flight itself would send the client nothing but "internal", and log nothing. */
        private static RuntimeException failure(String name, Throwable e) {
            LOG.warn("call {} failed", name, e);
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            String told = message.length() <= LONGEST_REFUSAL ? message : message.substring(0, LONGEST_REFUSAL) + "...";
            return CallStatus.INTERNAL.withDescription(told).withCause(e).toRuntimeException();
        }
    }
}
