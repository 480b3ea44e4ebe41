package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.flight.impl.Flight.FlightDescriptor;
import org.apache.arrow.flight.impl.Flight.PutResult;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a peer with the secret gets for messages that its Flight would never send, and for what cannot be told. */
@Timeout(60)
class UnreadableMessagesTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final Secret secret = Secret.create();
    private FlightHost host;

    /** Refuses everything at length. */
    private static final class Talkative implements Service {
        @Override
        public Object answer(String name, JsonNode request) {
            throw new IllegalArgumentException("\u4e2d".repeat(100_000));
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = new FlightHost(allocator, "127.0.0.1", secret, new Talkative());
    }

    @AfterEach
    void everythingIsGivenBack() {
        host.close();
        allocator.close();
    }

    /** gRPC sends it in a header, and resets the call when that is longer than 8 KiB. */
    @Test
    void aLongRefusalIsToldInPart() {
        try (FlightPeer peer = new FlightPeer(allocator, "driver", host.address(), secret)) {
            FlightPeer.Call call = new FlightPeer.Call("next", 5, Duration.ofSeconds(20));
            String message = assertThrows(PeerException.class, () -> peer.ask(call, 1, Integer.class))
                    .getMessage();
            assertTrue(message.endsWith("INTERNAL: " + "\u4e2d".repeat(600) + "..."), message);
        }
    }

    /** Integers of 9 bits are a schema that can be written, but of which no column can be made. */
    @Test
    void aMessageThatFlightCannotReadIsFreedAndRefused() throws Exception {
        Schema schema = new Schema(List.of(Field.notNullable("bytes", new ArrowType.Int(9, false))));
        FlightData message = FlightData.newBuilder()
                .setFlightDescriptor(FlightDescriptor.newBuilder()
                        .setType(FlightDescriptor.DescriptorType.CMD)
                        .setCmd(ByteString.copyFromUtf8("deliver")))
                .setDataHeader(ByteString.copyFrom(MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT)))
                .setDataBody(ByteString.copyFrom(new byte[100_000]))
                .build();
        Status status = Status.fromThrowable(put(message).get(20, TimeUnit.SECONDS));
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
        assertEquals("a message that is none of Flight", status.getDescription());
    }

    private CompletableFuture<Throwable> put(FlightData message) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        host.address().host(), host.address().port())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(ServerKey.pem(host.address().certificate()))
                        .build())
                .overrideAuthority(ServerKey.NAME)
                .build();
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("tramontane-secret", Metadata.ASCII_STRING_MARSHALLER), secret.value());
        CompletableFuture<Throwable> error = new CompletableFuture<>();
        StreamObserver<FlightData> out = FlightServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .doPut(new StreamObserver<PutResult>() {
                    @Override
                    public void onNext(PutResult result) {}

                    @Override
                    public void onError(Throwable e) {
                        error.complete(e);
                    }

                    @Override
                    public void onCompleted() {
                        error.completeExceptionally(new IllegalStateException("was taken"));
                    }
                });
        out.onNext(message);
        return error.whenComplete((e, none) -> channel.shutdownNow());
    }
}
