package io.tramontane.app.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.app.http.Exchange;
import io.tramontane.app.http.HttpHandler;
import io.tramontane.app.http.Reply;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.JsonReading;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The paths of the server. Requests with a body are read on two threads, so that the network's never computes. */
final class Api implements HttpHandler, AutoCloseable {
    private static final int READERS = 2;

    private final Access access;
    private final ServeMetrics metrics;
    private final Consumer<Throwable> failures;
    private final Routes routes;
    private final ThreadPoolExecutor readers;
    private volatile boolean closing;

    /**
     * Makes it.
     *
     * @param waiting bodies that may wait to be read
     * @param failures receives faults of ours; clients hear no more than that there was one
     */
    Api(Access access, ServeMetrics metrics, Routes routes, int waiting, Consumer<Throwable> failures) {
        this.access = access;
        this.metrics = metrics;
        this.routes = routes;
        this.failures = failures;
        this.readers = new ThreadPoolExecutor(
                READERS,
                READERS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(waiting),
                DaemonThreads.named("serve-reader"));
    }

    @Override
    public boolean wantsBody(Exchange exchange) {
        String path = exchange.path();
        String method = exchange.method();
        boolean get = routes.gets().containsKey(path);
        boolean post = routes.posts().containsKey(path);
        ApiError error = access.refusal(exchange).orElse(null);
        if (error != null) return refused(exchange, error);
        if (!get && !post)
            return refused(exchange, ApiError.of(404, "path " + Texts.shortened(path) + " does not exist"));
        if (get && !method.equals("GET") && !method.equals("HEAD")) return wrongMethod(exchange, "GET, HEAD");
        if (post && !method.equals("POST")) return wrongMethod(exchange, "POST");
        if (closing) return refused(exchange, ApiError.of(503, "the server shuts down"));
        return true;
    }

    private boolean wrongMethod(Exchange exchange, String allowed) {
        ApiError error = ApiError.of(
                405,
                "method " + Texts.shortened(exchange.method()) + " does not fit " + exchange.path() + ", allowed "
                        + allowed);
        metrics.answered(known(exchange), 405);
        exchange.send(error.reply().with("Allow", allowed));
        return false;
    }

    private boolean refused(Exchange exchange, ApiError error) {
        metrics.answered(known(exchange), error.status());
        exchange.send(error.reply());
        return false;
    }

    /** For the metrics: clients must not make up labels. */
    private String known(Exchange exchange) {
        return routes.known(exchange.path()) ? exchange.path() : "other";
    }

    @Override
    public void handle(Exchange exchange) {
        Consumer<Exchange> get = routes.gets().get(exchange.path());
        if (get != null) {
            guarded(exchange, () -> get.accept(exchange));
            return;
        }
        try {
            readers.execute(() ->
                    guarded(exchange, () -> routes.posts().get(exchange.path()).accept(exchange, body(exchange))));
        } catch (RejectedExecutionException full) {
            refused(exchange, ApiError.of(429, "too many requests wait to be read, try again later"));
        }
    }

    private void guarded(Exchange exchange, Runnable answer) {
        try {
            answer.run();
        } catch (ApiError error) {
            refused(exchange, error);
        } catch (RuntimeException | StackOverflowError fault) {
            failures.accept(fault);
            refused(exchange, ApiError.of(500, "a fault of the server, see its log"));
        }
    }

    private static Fields body(Exchange exchange) {
        try {
            JsonNode body = Texts.STRICT.readTree(exchange.body());
            return Fields.of(body, "");
        } catch (JsonProcessingException e) {
            throw ApiError.field(null, "the body is not JSON: " + Texts.shortened(JsonReading.fault(e)));
        } catch (IOException e) { // bytes that are no UTF-8
            throw ApiError.field(null, "the body is not JSON: " + Texts.shortened(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Reply refusal(int status, String message) {
        metrics.answered("other", status);
        return ApiError.of(status, message).reply();
    }

    /** New requests are turned away from now on. */
    void stopAccepting() {
        closing = true;
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }
}
