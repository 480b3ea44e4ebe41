package io.tramontane.app.fuzz;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.tramontane.cluster.flight.Address;
import io.tramontane.cluster.flight.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.arrow.flight.impl.Flight;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.flight.impl.FlightServiceGrpc.FlightServiceStub;

/** Knows the secret of a Flight server, and sends what Flight's own client never would. */
final class HostileClient implements AutoCloseable {
    /** Whoever asks may be kept waiting for a second. */
    private static final long MILLIS = 100;

    private static final long PATIENT_MILLIS = 20_000;

    private static final Set<Status.Code> REFUSED = Set.of(Status.Code.INTERNAL, Status.Code.INVALID_ARGUMENT);

    /** gRPC's own answer to a message that Flight cannot take apart. */
    private static final String UNREADABLE = "Application error processing RPC";

    /** Messages of exceptions that are mistakes of who reads; those of Arrow within ours are its own. */
    private static final Pattern OURS =
            Pattern.compile("because .* is null$|cannot be cast to class|^java\\.|^[iI]ndex:? ");

    private final ManagedChannel channel;
    private final FlightServiceStub server;

    HostileClient(Address address, Secret secret) throws IOException {
        String pem = "-----BEGIN CERTIFICATE-----\n" + address.certificate() + "\n-----END CERTIFICATE-----\n";
        this.channel = NettyChannelBuilder.forAddress(address.host(), address.port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                        .build())
                .overrideAuthority("tramontane")
                .build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("tramontane-secret", Metadata.ASCII_STRING_MARSHALLER), secret.value());
        this.server =
                FlightServiceGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** A refusal that says why. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /** An action with this body. */
    void ask(byte[] body) throws Exception {
        ask(body, MILLIS);
    }

    /** The same, and waits for the answer on a slow machine too. */
    void askPatiently(byte[] body) throws Exception {
        ask(body, PATIENT_MILLIS);
    }

    private void ask(byte[] body, long millis) throws Exception {
        Answers<Flight.Result> answers = new Answers<>();
        server.doAction(
                Flight.Action.newBuilder()
                        .setType("x")
                        .setBody(ByteString.copyFrom(body))
                        .build(),
                answers.observer());
        answers.await(millis);
    }

    /** A stream by this ticket. */
    void fetch(byte[] ticket) throws Exception {
        Answers<Flight.FlightData> answers = new Answers<>();
        server.doGet(
                Flight.Ticket.newBuilder()
                        .setTicket(ByteString.copyFrom(ticket))
                        .build(),
                answers.observer());
        answers.await(MILLIS);
    }

    /** Messages of a put. */
    void put(List<Flight.FlightData> messages) throws Exception {
        Answers<Flight.PutResult> answers = new Answers<>();
        var out = server.doPut(answers.observer());
        try {
            messages.forEach(out::onNext);
            out.onCompleted();
        } catch (IllegalStateException endedMeanwhile) {
            // the server has refused the call by one of its first messages
        }
        answers.await(MILLIS);
    }

    /** All that comes back. */
    private static final class Answers<T> {
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private ClientCallStreamObserver<?> call;

        <Q> ClientResponseObserver<Q, T> observer() {
            return new ClientResponseObserver<>() {
                @Override
                public void beforeStart(ClientCallStreamObserver<Q> started) {
                    call = started;
                }

                @Override
                public void onNext(T answer) {}

                @Override
                public void onError(Throwable e) {
                    end.completeExceptionally(e);
                }

                @Override
                public void onCompleted() {
                    end.complete(null);
                }
            };
        }

        /** Until the end, or for a while: a sound message may have to wait. */
        void await(long millis) throws Exception {
            try {
                end.get(millis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                call.cancel("waited long enough", null);
            } catch (ExecutionException e) {
                refused((StatusRuntimeException) e.getCause());
            }
        }

        private static void refused(StatusRuntimeException e) throws RefusedException {
            String why = e.getStatus().getDescription();
            boolean said = REFUSED.contains(e.getStatus().getCode())
                    && why != null
                    && (why.startsWith("not groups in Arrow form")
                            || !OURS.matcher(why).find());
            if (!said && !UNREADABLE.equals(why)) throw e;
            throw new RefusedException(why);
        }
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(5, TimeUnit.SECONDS);
    }
}
