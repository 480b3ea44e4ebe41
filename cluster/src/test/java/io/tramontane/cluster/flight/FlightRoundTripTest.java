package io.tramontane.cluster.flight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.data.ByteChunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlightRoundTripTest {
    private final BufferAllocator allocator = new RootAllocator();
    private final Secret secret = Secret.create();
    private final CountDownLatch released = new CountDownLatch(1);
    private FlightHost host;

    private record Question(int number) {}

    private record Answer(int number, String text) {}

    private final Service echo = new Service() {
        private byte[] kept = {};

        @Override
        public Object answer(String name, JsonNode request) {
            if (name.equals("broken")) throw new IllegalStateException("step 7 is not there");
            if (name.equals("slow")) await();
            return new Answer(request.get("number").asInt() + 1, name);
        }

        @Override
        public Payload stream(String name, JsonNode request) {
            if (name.equals("broken")) throw new IllegalStateException("no such batch");
            if (name.equals("slow")) await();
            return Payload.of(new Question(request.get("number").asInt() * 2), kept);
        }

        @Override
        public Object accept(String name, Sink.Memory received) {
            kept = array(received.bytes());
            return new Answer(kept.length, received.head(Question.class).toString());
        }
    };

    private static byte[] array(ByteChunks chunks) {
        byte[] all = new byte[(int) chunks.size()];
        chunks.read(0, ByteBuffer.wrap(all));
        return all;
    }

    private void await() {
        try {
            if (!released.await(60, TimeUnit.SECONDS))
                throw new IllegalStateException("the test has not released the host within 60 s");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private FlightPeer peer(Secret with) {
        return new FlightPeer(allocator, "driver", host.address(), with);
    }

    private static FlightPeer.Call call(String phase) {
        return new FlightPeer.Call(phase, 5, Duration.ofSeconds(20));
    }

    @BeforeEach
    void start() throws IOException {
        host = new FlightHost(allocator, "127.0.0.1", secret, echo);
    }

    @AfterEach
    void everythingIsGivenBack() {
        released.countDown();
        host.close();
        allocator.close(); // throws when a buffer leaked
    }

    @Test
    void aQuestionGetsItsAnswer() {
        try (FlightPeer peer = peer(secret)) {
            assertEquals(new Answer(42, "next"), peer.ask(call("next"), new Question(41), Answer.class));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4 << 20, (4 << 20) + 1, 9_000_000})
    void bytesComeBackAsTheyWere(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        try (FlightPeer peer = peer(secret)) {
            Answer put = peer.put(call("keep"), Payload.of(new Question(3), bytes), Answer.class);
            assertEquals(new Answer(size, "Question[number=3]"), put);
            Sink.Memory back = new Sink.Memory();
            peer.fetch(call("get"), new Question(4), back);
            assertEquals(8, back.head(Question.class).number());
            assertArrayEquals(bytes, array(back.bytes()));
        }
    }

    @Test
    void aWrongSecretIsRefused() {
        try (FlightPeer stranger = peer(Secret.create())) {
            PeerException asked =
                    assertThrows(PeerException.class, () -> stranger.ask(call("next"), new Question(1), Answer.class));
            assertTrue(asked.getMessage().contains("UNAUTHENTICATED"), asked.getMessage());
            assertThrows(PeerException.class, () -> stranger.fetch(call("get"), new Question(1), new Sink.Memory()));
            assertThrows(
                    PeerException.class,
                    () -> stranger.put(call("keep"), Payload.of(new Question(1), new byte[3]), Answer.class));
        }
    }

    @Test
    void theServersReasonReachesTheCaller() {
        try (FlightPeer peer = peer(secret)) {
            PeerException error =
                    assertThrows(PeerException.class, () -> peer.ask(call("broken"), new Question(1), Answer.class));
            assertTrue(
                    error.getMessage().startsWith("driver at " + host.address() + ", phase broken, policy version 5:"),
                    error.getMessage());
            assertTrue(error.getMessage().endsWith("step 7 is not there"), error.getMessage());
            PeerException stream = assertThrows(
                    PeerException.class, () -> peer.fetch(call("broken"), new Question(1), new Sink.Memory()));
            assertTrue(stream.getMessage().endsWith("no such batch"), stream.getMessage());
        }
    }

    @Test
    void aDeadlineEndsACallAndSaysWhich() {
        FlightPeer.Call hurried = new FlightPeer.Call("slow", 9, Duration.ofMillis(200));
        try (FlightPeer peer = peer(secret)) {
            String expected = "driver at " + host.address() + ", phase slow, policy version 9: no answer within 200 ms";
            PeerException asked =
                    assertThrows(PeerException.class, () -> peer.ask(hurried, new Question(1), Answer.class));
            assertEquals(expected, asked.getMessage());
            PeerException fetched =
                    assertThrows(PeerException.class, () -> peer.fetch(hurried, new Question(1), new Sink.Memory()));
            assertEquals(expected, fetched.getMessage());
            released.countDown();
        }
    }

    @Test
    void aDeadPeerIsNamed() {
        FlightPeer peer = peer(secret);
        Address address = host.address();
        host.close();
        PeerException error =
                assertThrows(PeerException.class, () -> peer.ask(call("next"), new Question(1), Answer.class));
        assertTrue(error.getMessage().contains("driver at " + address + ", phase next"), error.getMessage());
        peer.close();
    }
}
