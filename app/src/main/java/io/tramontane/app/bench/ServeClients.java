package io.tramontane.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.JsonReading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of a server: streamed completions of given tokens. */
final class ServeClients {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI address;
    private final AtomicLong tokens = new AtomicLong();

    ServeClients(int port) {
        address = URI.create("http://127.0.0.1:" + port + "/v1/completions");
    }

    /** Tokens of all answers so far, as the server counted them. */
    long tokens() {
        return tokens.get();
    }

    /** Waits for a whole answer; returns the seconds to its first text. */
    double ask(int[] prompt, int longest) {
        long begin = System.nanoTime();
        double first = Double.NaN;
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body(prompt, longest)))
                    .build();
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                if (response.statusCode() != 200) throw new IllegalStateException(lines.readLine());
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (Double.isNaN(first) && line.contains("\"index\"")) first = (System.nanoTime() - begin) * 1e-9;
                    if (line.contains("\"completion_tokens\"")) count(line);
                }
            }
            return first;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The same; that it is cut off is no failure once {@code over} is set. */
    void askWhile(AtomicBoolean over, int[] prompt, int longest) {
        try {
            ask(prompt, longest);
        } catch (UncheckedIOException | IllegalStateException e) {
            if (!over.get()) throw e;
        }
    }

    private void count(String line) throws IOException {
        JsonNode chunk = JsonReading.mapper().readTree(line.substring("data: ".length()));
        tokens.addAndGet(chunk.path("usage").path("completion_tokens").asLong());
    }

    private static String body(int[] prompt, int longest) {
        ObjectNode body = JsonReading.mapper().createObjectNode();
        for (int token : prompt) body.withArray("prompt").add(token);
        body.put("max_tokens", longest).put("temperature", 1).put("stream", true);
        body.putObject("stream_options").put("include_usage", true);
        return body.toString();
    }
}
