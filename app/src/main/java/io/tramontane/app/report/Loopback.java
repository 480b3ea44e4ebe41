package io.tramontane.app.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A small HTTP server for this machine's own user: it listens on the loopback address, answers GET and HEAD of known paths,
 * and refuses a request for another host name, so that a web page cannot read it by DNS rebinding. Two threads, a short
 * queue; further requests are refused.
 */
final class Loopback implements AutoCloseable {
    private static final int WAITING = 32;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;

    /** One answer: its media type and how to make it. */
    record Answer(String type, Supplier<String> content) {}

    /** Listens; port 0 takes a free one. */
    Loopback(String name, int port, Map<String, Answer> answers) throws IOException {
        threads = new ThreadPoolExecutor(
                2, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING), DaemonThreads.named(name));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), WAITING);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, answers));
        server.start();
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
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Map<String, Answer> answers) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            Answer answer = answers.get(exchange.getRequestURI().getPath());
            if (!isThisMachine(exchange.getRequestHeaders().getFirst("Host"))) send(exchange, 403, "text/plain", "no");
            else if (!method.equals("GET") && !method.equals("HEAD")) send(exchange, 405, "text/plain", "GET only");
            else if (answer == null) send(exchange, 404, "text/plain", "there is " + answers.keySet());
            else send(exchange, 200, answer.type(), answer.content().get());
        } catch (
                RuntimeException
                        e) { // the page of a run that is being written may fail once; the next request tries again
            send(exchange, 500, "text/plain", String.valueOf(e.getMessage()));
        }
    }

    private static boolean isThisMachine(String host) {
        return host != null && host.matches("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");
    }

    private static void send(HttpExchange exchange, int status, String type, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
        if (!head) exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
