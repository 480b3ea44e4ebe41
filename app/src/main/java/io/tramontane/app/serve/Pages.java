package io.tramontane.app.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.app.http.Exchange;
import io.tramontane.app.http.Reply;
import java.util.Map;

/** What GET answers. */
final class Pages {
    private final Served served;
    private final Engine engine;
    private final ServeMetrics metrics;
    private final ChatPage page = new ChatPage();
    private final long created = System.currentTimeMillis() / 1000;

    Pages(Served served, Engine engine, ServeMetrics metrics) {
        this.served = served;
        this.engine = engine;
        this.metrics = metrics;
    }

    private void send(Exchange exchange, Reply reply) {
        metrics.answered(exchange.path(), reply.status());
        exchange.send(reply);
    }

    void chat(Exchange exchange) {
        send(
                exchange,
                new Reply(
                        200,
                        "text/html; charset=utf-8",
                        page.bytes(),
                        Map.of("Content-Security-Policy", page.policy())));
    }

    void health(Exchange exchange) {
        boolean ended = engine.hasEnded();
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("status", ended ? "the engine has ended" : "ok");
        send(exchange, Reply.json(ended ? 503 : 200, Texts.bytes(node)));
    }

    void metrics(Exchange exchange) {
        send(exchange, Reply.text(200, "text/plain; version=0.0.4", metrics.text()));
    }

    void models(Exchange exchange) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("object", "list");
        node.putArray("data").add(model());
        send(exchange, Reply.json(200, Texts.bytes(node)));
    }

    void model(Exchange exchange) {
        send(exchange, Reply.json(200, Texts.bytes(model())));
    }

    private ObjectNode model() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", served.name())
                .put("object", "model")
                .put("created", created)
                .put("owned_by", "tramontane")
                .put("max_model_len", served.context());
    }
}
