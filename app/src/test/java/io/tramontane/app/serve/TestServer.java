package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.app.http.HttpLimits;
import io.tramontane.app.http.RawClient;
import io.tramontane.data.ThinkTags;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.Dtype;
import io.tramontane.model.SamplingParameters;
import io.tramontane.model.WeightSnapshot;
import io.tramontane.model.chat.ChatTemplates;
import io.tramontane.model.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of a small model on a free port, and requests to it. */
final class TestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Server server;
    final BlockingQueue<String> console = new LinkedBlockingQueue<>();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String key = "";

    /** With so many slots and places in the queue. */
    TestServer(Path model, int slots, int waiting, String key) throws IOException {
        WeightSnapshot weights = Checkpoint.read(model, 0);
        Served served = new Served(
                "tiny",
                weights,
                TokenizerFiles.of(model),
                new QuestionFormat(ChatTemplates.TINY),
                ThinkTags.ANGLE,
                new SamplingParameters(1, 1),
                Served.generator(slots, weights.config().positions(), Dtype.FLOAT32),
                weights.config().positions());
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new Server(served, new ServerOptions(address, key, waiting, 1, HttpLimits.defaults()), console::add);
    }

    /** Sends this key from now on. */
    TestServer withKey(String sent) {
        key = sent;
        return this;
    }

    RawClient raw() throws IOException {
        return new RawClient(server.port());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return http.send(
                request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    /** A chat of one user message with these further fields. */
    static String chat(String user, String fields) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":" + JSON.valueToTree(user) + "}]"
                + (fields.isEmpty() ? "" : "," + fields) + "}";
    }

    /** The answer to a chat as JSON. */
    JsonNode ask(String user, String fields) throws IOException, InterruptedException {
        return json(post("/v1/chat/completions", chat(user, fields)).body());
    }

    /** The chunks of a streamed answer, without the mark of its end. */
    static List<JsonNode> chunks(String body) throws IOException {
        List<JsonNode> chunks = new ArrayList<>();
        for (String line : body.lines().toList()) if (line.startsWith("data: {")) chunks.add(json(line.substring(6)));
        return chunks;
    }

    static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    /** A number of the metrics page. */
    double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("tramontane_serve_" + name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until so many completions are accepted and not finished, at most ten seconds. */
    void awaitOpen(int completions) throws InterruptedException {
        assertTrue(
                server.awaitOpen(open -> open == completions, Duration.ofSeconds(10)), completions + " were not open");
    }

    /** The next line to its user, within ten seconds; null if there is none. */
    String line() throws InterruptedException {
        return console.poll(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.close();
    }
}
