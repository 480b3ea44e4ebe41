package io.tramontane.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The HTTP layer with bytes on a socket. */
class HttpServerTest {
    private static final HttpLimits SMALL =
            new HttpLimits(4, 1000, Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofMillis(300));

    private final BlockingQueue<Exchange> waiting = new LinkedBlockingQueue<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private HttpServer server;

    /** /echo answers its body at once, /wait when the test says so; /none does not exist. */
    private final HttpHandler handler = new HttpHandler() {
        @Override
        public boolean wantsBody(Exchange exchange) {
            if (!exchange.path().equals("/none")) return true;
            exchange.send(Reply.text(404, "text/plain", "nothing here"));
            return false;
        }

        @Override
        public void handle(Exchange exchange) {
            if (exchange.path().equals("/wait")) waiting.add(exchange);
            else
                exchange.send(Reply.text(
                        200,
                        "text/plain",
                        exchange.method() + ":" + new String(exchange.body(), StandardCharsets.UTF_8)));
        }

        @Override
        public Reply refusal(int status, String message) {
            return Reply.text(status, "text/plain", "refused: " + message);
        }
    };

    private RawClient client() throws IOException {
        if (server == null)
            server = new HttpServer(
                    "test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), SMALL, handler, failures::add);
        return new RawClient(server.port());
    }

    @AfterEach
    void close() {
        if (server != null) server.close();
        assertEquals(List.of(), failures);
    }

    private static String post(String path, String body) {
        return RawClient.post(path, body);
    }

    @Test
    void requestsOfOneConnectionAreAnsweredInTheirOrderAlsoIfTheyAreSentAhead() throws Exception {
        try (RawClient client = client()) {
            client.send(post("/echo", "one") + post("/wait", "") + post("/echo", "two"));
            assertTrue(client.readUntil(":one").startsWith("HTTP/1.1 200 OK"));
            waiting.poll(5, TimeUnit.SECONDS).send(Reply.text(200, "text/plain", "late"));
            String rest = client.readUntil(":two");
            assertTrue(rest.indexOf("late") > 0 && rest.indexOf("late") < rest.indexOf(":two"), rest);
        }
    }

    @Test
    void aHeadRequestHasTheLengthButNoBody() throws IOException {
        try (RawClient client = client()) {
            String answer = client.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                    .readAll();
            assertTrue(answer.contains("content-length: 5"), answer);
            assertTrue(answer.endsWith("\r\n\r\n"), answer);
        }
    }

    @Test
    void anAnswerBeforeTheBodyEndsTheConnection() throws IOException {
        try (RawClient client = client()) {
            String answer = client.send("POST /none HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nabc")
                    .readAll();
            assertTrue(answer.startsWith("HTTP/1.1 404 Not Found"), answer);
            assertTrue(answer.contains("connection: close"), answer);
        }
    }

    @Test
    void whatIsTooLargeIsRefusedByItsLengthOrByWhatArrives() throws IOException {
        try (RawClient stated = client();
                RawClient chunked = client()) {
            String answer = stated.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n")
                    .readAll();
            assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
            assertTrue(answer.endsWith("refused: the body is larger than the 1000 bytes allowed"), answer);
            String chunk = "1f4\r\n" + "x".repeat(500) + "\r\n";
            answer = chunked.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
                            + chunk + chunk)
                    .readAll();
            assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        }
    }

    @Test
    void noHttpIs400() throws IOException {
        for (String bytes : List.of(
                "nonsense\r\n\r\n",
                "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nA: " + "b".repeat(20_000) + "\r\n\r\n",
                "POST /echo HTTP/1.1\r\nContent-Length: many\r\n\r\n",
                "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"))
            try (RawClient client = client()) {
                String answer = client.send(bytes).readAll();
                assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request"), bytes + answer);
            }
    }

    @Test
    void aSlowBodyIs408AndASlowHeadIsCutOff() throws IOException {
        try (RawClient body = client();
                RawClient head = client()) {
            body.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
            head.send("POST /echo HT");
            assertTrue(body.readAll().startsWith("HTTP/1.1 408"));
            assertEquals("", head.readAll());
        }
    }

    @Test
    void aClientThatHangsUpIsNoticedWhileItsAnswerIsBeingMade() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (RawClient client = client()) {
            client.send(post("/wait", "x"));
            waiting.poll(5, TimeUnit.SECONDS).onHangUp(hungUp::countDown);
        }
        assertTrue(hungUp.await(5, TimeUnit.SECONDS));
    }

    @Test
    void aClientThatDoesNotReadItsEventsIsCutOff() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (RawClient client = client()) {
            client.send(post("/wait", "x"));
            Exchange exchange = waiting.poll(5, TimeUnit.SECONDS);
            exchange.onHangUp(hungUp::countDown);
            EventStream events = exchange.events();
            for (int i = 0; i < 400; i++) events.event(new byte[1 << 16]);
            events.flush();
            assertTrue(hungUp.await(5, TimeUnit.SECONDS));
        }
    }

    @Test
    void eventsAreChunkedAndTheConnectionGoesOn() throws Exception {
        try (RawClient client = client()) {
            client.send(post("/wait", "x"));
            EventStream events = waiting.poll(5, TimeUnit.SECONDS).events();
            events.event("{}".getBytes(StandardCharsets.UTF_8));
            events.end();
            String answer = client.readUntil("0\r\n\r\n");
            assertTrue(answer.contains("transfer-encoding: chunked"), answer);
            assertTrue(answer.contains("\r\ndata: {}\n\n\r\n"), answer);
            assertTrue(client.send(post("/echo", "on")).readUntil(":on").contains("200 OK"));
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        try (RawClient a = client();
                RawClient b = client();
                RawClient c = client();
                RawClient d = client()) {
            for (RawClient one : List.of(a, b, c, d))
                one.send(post("/echo", "x")).readUntil(":x");
            try (RawClient fifth = client()) {
                assertEquals("", fifth.readAll());
            }
        }
    }

    @Test
    void stoppingClosesIdleConnectionsAndLetsAnswersEnd() throws Exception {
        try (RawClient idle = client();
                RawClient busy = client()) {
            idle.send(post("/echo", "x")).readUntil(":x");
            busy.send(post("/wait", "x"));
            Exchange exchange = waiting.poll(5, TimeUnit.SECONDS);
            server.stopAccepting();
            assertEquals("", idle.readAll());
            exchange.send(Reply.text(200, "text/plain", "last words"));
            String answer = busy.readAll();
            assertTrue(answer.contains("connection: close") && answer.endsWith("last words"), answer);
        }
    }
}
