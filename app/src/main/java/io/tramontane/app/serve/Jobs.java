package io.tramontane.app.serve;

import io.tramontane.app.http.Exchange;
import java.util.UUID;

/** Hands requests that are read to the engine. */
record Jobs(Engine engine, ServeMetrics metrics, String model) {
    /** The way of an answer back to the client. */
    Outlet outlet(Exchange exchange, String prefix, String object, Settings settings) {
        Outlet.Envelope envelope = new Outlet.Envelope(
                prefix + UUID.randomUUID().toString().replace("-", ""),
                object,
                System.currentTimeMillis() / 1000,
                model,
                "policy-" + engine.version());
        return new Outlet(exchange, metrics, envelope, settings);
    }

    /** Queues a job, which ends when the client hangs up. */
    void start(Exchange exchange, Job job, int promptTokens) {
        if (engine.hasEnded()) throw ApiError.of(503, "the server shuts down");
        if (!engine.submit(job)) {
            metrics.turnedAway.increment();
            throw ApiError.of(
                    429,
                    "the queue is full: " + engine.open().count()
                            + " completions are being made or wait, try again later");
        }
        metrics.promptTokens.add(promptTokens);
        exchange.onHangUp(() -> {
            metrics.hangUps.increment();
            engine.cancel(job);
        });
    }
}
