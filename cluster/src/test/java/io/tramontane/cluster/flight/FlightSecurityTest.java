package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.handler.ssl.OpenSsl;
import io.tramontane.data.ByteChunks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallOptions;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody on the wire, somebody with another key or somebody who claims much gets from a Flight server. */
class FlightSecurityTest {
    private static final byte[] TRAINED = "what is trained on".getBytes(StandardCharsets.US_ASCII);

    private final BufferAllocator allocator = new RootAllocator();
    private final Secret secret = Secret.create();
    private final Counting service = new Counting();
    private FlightHost host;

    /** Counts the calls that reach it. */
    private static final class Counting implements Service {
        private final AtomicInteger calls = new AtomicInteger();

        @Override
        public Object answer(String name, JsonNode request) {
            return calls.incrementAndGet();
        }

        @Override
        public Payload stream(String name, JsonNode request) {
            calls.incrementAndGet();
            return Payload.of(1, TRAINED);
        }

        @Override
        public Object accept(String name, Sink.Memory received) {
            return calls.incrementAndGet();
        }
    }

    @BeforeEach
    void start() throws IOException {
        host = new FlightHost(allocator, "127.0.0.1", secret, service);
    }

    @AfterEach
    void everythingIsGivenBack() {
        host.close();
        allocator.close();
    }

    private static FlightPeer.Call call(String phase) {
        return new FlightPeer.Call(phase, 5, Duration.ofSeconds(20));
    }

    private FlightPeer peer(Address address) {
        return new FlightPeer(allocator, "driver", address, secret);
    }

    private String refusal(Address address, Object request) {
        try (FlightPeer peer = peer(address)) {
            return assertThrows(PeerException.class, () -> peer.ask(call("next"), request, Integer.class))
                    .getMessage();
        }
    }

    @Test
    void theCertificateIsOneThatJavaReads() throws Exception {
        ServerKey key = ServerKey.create();
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(ServerKey.pem(key.certificate()));
        certificate.verify(certificate.getPublicKey()); // signed by its own key
        certificate.checkValidity();
        assertEquals("CN=tramontane", certificate.getSubjectX500Principal().getName());
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        assertEquals(List.of(List.of(2, "tramontane")), List.copyOf(names)); // 2: a name of the DNS
        assertNotEquals(key.certificate(), ServerKey.create().certificate());
    }

    /** Java's own encryption is far slower in a process without the optimizing compiler. */
    @Test
    void tlsIsThatOfBoringSsl() {
        assertTrue(OpenSsl.isAvailable(), () -> String.valueOf(OpenSsl.unavailabilityCause()));
    }

    @Test
    void aServerWithAnotherKeyGetsNoCall() throws IOException {
        Counting strangers = new Counting();
        try (FlightHost stranger = new FlightHost(allocator, "127.0.0.1", secret, strangers)) {
            Address there = stranger.address();
            String refusal = refusal(
                    new Address(there.host(), there.port(), host.address().certificate()), 1);
            assertTrue(refusal.startsWith("driver at " + there + ", phase next, policy version 5:"), refusal);
            assertEquals(0, strangers.calls.get());
        }
    }

    @Test
    void aCallWithoutTlsGetsNothing() throws Exception {
        Address there = host.address();
        try (FlightClient plain = FlightClient.builder(allocator, Location.forGrpcInsecure(there.host(), there.port()))
                .build()) {
            FlightRuntimeException error = assertThrows(
                    FlightRuntimeException.class, () -> plain.doAction(action(new byte[] {1}), secret.option())
                            .next());
            assertEquals(FlightStatusCode.UNAVAILABLE, error.status().code());
        }
        assertEquals(0, service.calls.get());
    }

    @Test
    void whoReadsTheWireSeesNoSecretAndCannotSayItAgain() throws Exception {
        try (Wiretap tap = new Wiretap(host.address().port(), -1)) {
            Address tapped = new Address("127.0.0.1", tap.port(), host.address().certificate());
            try (FlightPeer peer = peer(tapped)) {
                assertEquals(1, peer.ask(call("next"), 1, Integer.class));
                Sink.Memory batch = new Sink.Memory();
                peer.fetch(call("batch"), 1, batch);
                assertArrayEquals(TRAINED, array(batch.bytes()));
            }
            byte[] sent = tap.sent();
            assertTrue(sent.length > 500, sent.length + " bytes were seen"); // a handshake and two calls
            assertEquals(-1, indexOf(sent, secret.value().getBytes(StandardCharsets.US_ASCII)));
            assertEquals(-1, indexOf(sent, "tramontane-secret".getBytes(StandardCharsets.US_ASCII)));
            assertEquals(-1, indexOf(tap.answered(), TRAINED));
            assertEquals(2, service.calls.get());
            replay(sent);
            assertEquals(2, service.calls.get(), "a recorded call was made again");
        }
    }

    /** Sends what was recorded and reads until the server ends the connection. */
    private void replay(byte[] recorded) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), host.address().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(recorded);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // it may end it while we still write
        }
    }

    @Test
    void aCallThatIsAlteredOnTheWireIsNotMade() throws Exception {
        try (Wiretap tap = new Wiretap(host.address().port(), 40_000)) {
            Address tapped = new Address("127.0.0.1", tap.port(), host.address().certificate());
            refusal(tapped, "x".repeat(100_000)); // the flipped bit lies in the middle of this
        }
        assertEquals(0, service.calls.get());
    }

    @Test
    void aRequestThatIsTooLongIsNotSent() {
        try (FlightPeer peer = peer(host.address())) {
            String message = assertThrows(
                            PeerException.class,
                            () -> peer.ask(call("next"), "x".repeat(Limits.REQUEST), Integer.class))
                    .getMessage();
            assertEquals(
                    "driver at " + host.address() + ", phase next, policy version 5: request of "
                            + (Limits.REQUEST + "{\"name\":\"next\",\"request\":\"\"}".length())
                            + " bytes, allowed at most 67108864",
                    message);
        }
        assertEquals(0, service.calls.get());
    }

    @Test
    void aRequestThatIsTooLongIsNotTaken()
            throws Exception { // ten seconds: gRPC waits for what it could not send any more
        try (FlightClient careless = careless()) {
            FlightRuntimeException error = assertThrows(FlightRuntimeException.class, () -> careless.doAction(
                            action(new byte[Limits.REQUEST + 1]),
                            secret.option(),
                            CallOptions.timeout(20, TimeUnit.SECONDS))
                    .next());
            assertEquals(FlightStatusCode.RESOURCE_EXHAUSTED, error.status().code(), error.getMessage());
        }
        assertEquals(0, service.calls.get());
    }

    private static Action action(byte[] body) {
        return new Action("next", body);
    }

    @ParameterizedTest
    @CsvSource({
        "1073741825, 5, 'stream of 1073741825 bytes, allowed at most 1073741824'", // before the first byte is kept
        "-1, 5, 'stream of -1 bytes'",
        "3, 5, 'stream of 5 bytes, allowed at most 3'", // more than announced
        "9, 5, 'stream ended after 5 of 9 bytes'"
    })
    void aPutThatLiesAboutItsLengthIsRefused(long announced, int sent, String reason) throws Exception {
        try (FlightClient client = careless();
                VectorSchemaRoot root = ByteStream.root(allocator);
                SyncPutListener results = new SyncPutListener()) {
            UInt1Vector column = (UInt1Vector) root.getVector(0);
            column.allocateNew(sent);
            column.getValidityBuffer().setOne(0L, 1);
            column.setValueCount(sent);
            root.setRowCount(sent);
            FlightClient.ClientStreamListener out = client.startPut(
                    FlightDescriptor.command("deliver".getBytes(StandardCharsets.US_ASCII)),
                    root,
                    results,
                    secret.option(),
                    CallOptions.timeout(20, TimeUnit.SECONDS));
            byte[] head = ("{\"bytes\":" + announced + ",\"head\":1}").getBytes(StandardCharsets.US_ASCII);
            ArrowBuf metadata = allocator.buffer(head.length);
            metadata.writeBytes(head);
            out.putNext(metadata);
            out.completed();
            FlightRuntimeException error = assertThrows(FlightRuntimeException.class, out::getResult);
            assertTrue(error.getMessage().contains(reason), error.getMessage());
        }
        assertEquals(0, service.calls.get());
    }

    @Test
    void aFetchKeepsNoMoreThanItsSinkAllows() {
        try (FlightPeer peer = peer(host.address())) {
            Sink.Memory small = new Sink.Memory(TRAINED.length - 1);
            String message = assertThrows(PeerException.class, () -> peer.fetch(call("batch"), 1, small))
                    .getMessage();
            assertEquals(
                    "driver at " + host.address()
                            + ", phase batch, policy version 5: stream of 18 bytes, allowed at most 17",
                    message);
            assertEquals(0, small.bytes().size());
        }
    }

    /** Has the secret and the certificate, but checks no length. */
    private FlightClient careless() {
        Address there = host.address();
        return FlightClient.builder(allocator, Location.forGrpcTls(there.host(), there.port()))
                .useTls()
                .trustedCertificates(ServerKey.pem(there.certificate()))
                .overrideHostname(ServerKey.NAME)
                .build();
    }

    private static byte[] array(ByteChunks chunks) {
        byte[] all = new byte[(int) chunks.size()];
        chunks.read(0, ByteBuffer.wrap(all));
        return all;
    }

    private static int indexOf(byte[] all, byte[] part) {
        return new String(all, StandardCharsets.ISO_8859_1).indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }
}
