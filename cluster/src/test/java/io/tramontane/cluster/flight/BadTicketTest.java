package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadTicketTest {
    private static final Service NONE = new Service() {
        @Override
        public Object answer(String name, JsonNode request) {
            throw new IllegalStateException("not asked");
        }

        @Override
        public Payload stream(String name, JsonNode request) {
            throw new IllegalStateException("not asked");
        }

        @Override
        public Object accept(String name, Sink.Memory received) {
            throw new IllegalStateException("not asked");
        }
    };

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "\u0000\u0001", "{}"})
    void itIsRefusedAtOnce(String ticket) throws IOException, InterruptedException {
        Secret secret = Secret.create();
        try (BufferAllocator allocator = new RootAllocator();
                FlightHost host = new FlightHost(allocator, "127.0.0.1", secret, NONE);
                FlightClient client = FlightClient.builder(
                                allocator,
                                Location.forGrpcTls("127.0.0.1", host.address().port()))
                        .useTls()
                        .trustedCertificates(ServerKey.pem(host.address().certificate()))
                        .overrideHostname(ServerKey.NAME)
                        .build();
                FlightStream stream = client.getStream(
                        new Ticket(ticket.getBytes(StandardCharsets.UTF_8)),
                        secret.option(),
                        CallOptions.timeout(30, TimeUnit.SECONDS))) {
            FlightRuntimeException refused = assertThrows(FlightRuntimeException.class, stream::next);
            assertEquals(FlightStatusCode.INVALID_ARGUMENT, refused.status().code(), refused.toString());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
