package io.tramontane.app.report;

import io.tramontane.app.http.Exchange;
import io.tramontane.app.http.HttpHandler;
import io.tramontane.app.http.HttpLimits;
import io.tramontane.app.http.HttpServer;
import io.tramontane.app.http.Reply;
import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP server for this machine's own user: it listens on the loopback address, answers GET and HEAD of known paths,
 * and refuses a request for another host name, so that a web page cannot read it by DNS rebinding. Two threads make the
 * answers, a short queue waits for them; further requests are refused.
 */
final class Loopback implements AutoCloseable, HttpHandler {
    private static final int WAITING = 32;
    private static final HttpLimits LIMITS =
            new HttpLimits(64, 1 << 16, Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(120));

    private final HttpServer server;
    private final Map<String, Answer> answers;
    private final ThreadPoolExecutor threads;

    /** One answer: its media type and how to make it. */
    record Answer(String type, Supplier<String> content) {}

    /** Listens; port 0 takes a free one. */
    Loopback(String name, int port, Map<String, Answer> answers) throws IOException {
        this.answers = answers;
        threads = new ThreadPoolExecutor(
                2, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), DaemonThreads.named(name));
        threads.allowCoreThreadTimeOut(true);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        server = new HttpServer(name, address, LIMITS, this, fault -> LoggerFactory.getLogger(Loopback.class)
                .warn("{}: a connection failed", name, fault));
    }

    /** Refuses a port in use as bad input; {@code key} is the option or config key that gave it. */
    static void check(String key, int port) {
        try {
            new Loopback("port check", port, Map.of()).close();
        } catch (IOException e) {
            throw new BadInputException(key + " " + port + " cannot be listened on: " + e.getMessage());
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            threads.execute(() -> exchange.send(answer(exchange)));
        } catch (RejectedExecutionException busy) {
            exchange.send(refusal(503, "busy, try again"));
        }
    }

    private Reply answer(Exchange exchange) {
        String method = exchange.method();
        Answer answer = answers.get(exchange.path());
        if (!exchange.isForThisMachine()) return refusal(403, "no");
        if (!method.equals("GET") && !method.equals("HEAD")) return refusal(405, "GET only");
        if (answer == null) return refusal(404, "there is " + answers.keySet());
        try {
            return Reply.text(200, answer.type(), answer.content().get());
        } catch (
                RuntimeException
                        e) { // the page of a run that is being written may fail once: the next request tries again
            return refusal(500, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Reply refusal(int status, String message) {
        return Reply.text(status, "text/plain", message);
    }

    @Override
    public void close() {
        server.close();
        threads.shutdownNow();
    }
}
