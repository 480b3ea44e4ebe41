package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.http.EventStream;
import io.tramontane.app.http.Exchange;
import io.tramontane.app.http.Reply;
import java.nio.charset.StandardCharsets;

/** Where an answer goes: one JSON object, or chunks as server-sent events. Counts what was answered. */
final class Outlet {
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Exchange exchange;
    private final ServeMetrics metrics;
    private final Envelope envelope;
    private final Settings settings;

    private EventStream events;
    private boolean first = true;

    /** What all objects of an answer say. */
    record Envelope(String id, String object, long created, String model, String fingerprint) {
        ObjectNode node(String suffix) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("object", object + suffix)
                    .put("created", created)
                    .put("model", model)
                    .put("system_fingerprint", fingerprint);
        }
    }

    Outlet(Exchange exchange, ServeMetrics metrics, Envelope envelope, Settings settings) {
        this.exchange = exchange;
        this.metrics = metrics;
        this.envelope = envelope;
        this.settings = settings;
    }

    /** Counts a token, and notes the first one's time. */
    void sampled() {
        metrics.completionTokens.increment();
        if (first) metrics.firstToken.add((System.nanoTime() - exchange.arrived()) * 1e-9);
        first = false;
    }

    /** Begins a stream. */
    void begin() {
        events = exchange.events();
        flush();
    }

    /** Sends one choice's chunk; {@link #flush()} puts it on its way. */
    void chunk(String suffix, ObjectNode choice) {
        ObjectNode node = envelope.node(suffix);
        node.putArray("choices").add(choice);
        if (settings.usage()) node.putNull("usage");
        events.event(Texts.bytes(node));
    }

    void flush() {
        if (events != null) events.flush();
    }

    /** Ends a stream: the numbers of tokens if they are wanted, then the mark of its end. */
    void end(String suffix, ObjectNode usage) {
        count(200);
        if (settings.usage()) {
            ObjectNode node = envelope.node(suffix);
            node.putArray("choices");
            node.set("usage", usage);
            events.event(Texts.bytes(node));
        }
        events.event(DONE);
        events.end();
    }

    /** Sends a whole answer. */
    void whole(ArrayNode choices, ObjectNode usage) {
        count(200);
        ObjectNode node = envelope.node("");
        node.set("choices", choices);
        node.set("usage", usage);
        exchange.send(Reply.json(200, Texts.bytes(node)));
    }

    /** Ends the answer with an error; a stream that has begun carries it as its last event. */
    void failed(ApiError error) {
        count(error.status());
        if (events == null) {
            exchange.send(error.reply());
            return;
        }
        events.event(Texts.bytes(error.json()));
        events.end();
    }

    private void count(int status) {
        metrics.answered(exchange.path(), status);
        metrics.duration.add((System.nanoTime() - exchange.arrived()) * 1e-9);
    }
}
