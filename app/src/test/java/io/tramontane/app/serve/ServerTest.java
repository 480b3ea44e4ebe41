package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tramontane.app.RandomModel;
import io.tramontane.app.http.RawClient;
import io.tramontane.cluster.run.RunFolder;
import io.tramontane.model.Checkpoint;
import io.tramontane.model.ModelFolder;
import io.tramontane.model.PolicyConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slots, queue, hang-ups, swaps and the end of a server, with a model that goes on and on at temperature 0. */
class ServerTest {
    private static final int POSITIONS = 8000;
    private static final String ENDLESS =
            "{\"prompt\":[300,301],\"temperature\":0,\"max_tokens\":" + (POSITIONS - 2) + ",\"stream\":true}";
    private static final String SHORT = "{\"prompt\":[300,301],\"temperature\":0,\"max_tokens\":4}";

    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void make() {
        PolicyConfig shape = RandomModel.SHAPE;
        PolicyConfig longer = new PolicyConfig(
                shape.layers(),
                shape.width(),
                shape.heads(),
                shape.keyValueHeads(),
                shape.headSize(),
                shape.hidden(),
                shape.vocabulary(),
                POSITIONS,
                shape.ropeBase(),
                shape.normEpsilon(),
                true,
                shape.endOfText());
        model = RandomModel.in(folder.resolve("model"), longer);
    }

    private static RawClient begun(TestServer server, String body) throws IOException {
        RawClient client = server.raw();
        client.send(RawClient.post("/v1/completions", body));
        if (body.contains("stream")) client.readUntil("\"text\"");
        return client;
    }

    @Test
    void aClientThatHangsUpFreesItsSlotStreamingOrNot() throws Exception {
        try (TestServer server = new TestServer(model, 1, 0, "")) {
            int hungUp = 0;
            for (String body : List.of(ENDLESS, ENDLESS.replace(",\"stream\":true", ""))) {
                try (RawClient client = begun(server, body)) {
                    server.awaitOpen(1);
                }
                server.awaitOpen(0);
                assertEquals(++hungUp, server.metric("hang_ups_total"));
                assertTrue(server.metric("completion_tokens_total") < POSITIONS);
                assertEquals(200, server.post("/v1/completions", SHORT).statusCode());
            }
        }
    }

    @Test
    void aFullQueueAnswers429WithATimeToComeAgain() throws Exception {
        try (TestServer server = new TestServer(model, 1, 1, "");
                RawClient first = begun(server, ENDLESS);
                RawClient second = server.raw()) {
            second.send(RawClient.post("/v1/completions", ENDLESS));
            server.awaitOpen(2);
            assertEquals(1, server.metric("waiting"));
            HttpResponse<String> third = server.post("/v1/completions", SHORT);
            assertEquals(429, third.statusCode());
            assertEquals("1", third.headers().firstValue("retry-after").orElse(""));
            assertEquals(1, server.metric("turned_away_total"));
            first.close();
            second.readUntil("\"text\""); // now it has the slot
        }
    }

    /** Three greedy completions over one slot: the second and the third are guessed from the first. */
    @Test
    void guessedTokensAreCountedAndTheAnswersAreThoseOfOneRequest() throws Exception {
        try (TestServer server = new TestServer(ModelFolder.resolve(ModelFolder.TINY), 1, 4, "")) {
            String question = "Mia has 24 apples. Then she loses 10. How many apples does she have now?";
            JsonNode choices = server.ask(question, "\"n\":3,\"temperature\":0").get("choices");
            assertEquals(3, choices.size());
            for (JsonNode choice : choices) assertEquals(choices.get(0).get("message"), choice.get("message"));
            double accepted = server.metric("accepted_tokens_total");
            assertTrue(accepted > server.metric("completion_tokens_total") / 3, accepted + " were guessed");
            assertTrue(accepted <= server.metric("drafted_tokens_total"));
        }
    }

    @Test
    void aShortRequestIsAnsweredWhileALongOneGoesOn() throws Exception {
        try (TestServer server = new TestServer(model, 2, 0, "");
                RawClient endless = begun(server, ENDLESS)) {
            assertEquals(200, server.post("/v1/completions", SHORT).statusCode());
            assertEquals(1, server.metric("running"));
        }
    }

    @Test
    void aNewCheckpointOfARunIsSwappedInWhileARequestGoesOn() throws Exception {
        Path run = Files.createDirectories(folder.resolve("run/checkpoints")).getParent();
        try (TestServer server = new TestServer(model, 1, 0, "")) {
            server.server.follow(new RunFolder(run));
            try (RawClient endless = begun(server, ENDLESS)) {
                Path unfinished = run.resolve("checkpoints/writing");
                Checkpoint.write(unfinished, Checkpoint.read(model, 0), null);
                Files.move(unfinished, run.resolve("checkpoints/step-000003"));
                String line = server.line();
                assertTrue(
                        line != null && line.matches("policy version 3, swapped in within .* s; 1 completions went on"),
                        line);
                assertEquals(3, server.metric("policy_version"));
                endless.readUntil("\"text\"");
            }
            assertEquals(1, server.metric("weight_swaps_total"));
            server.awaitOpen(0);
            assertTrue(server.post("/v1/completions", SHORT.replace("4}", "4,\"seed\":1}"))
                    .body()
                    .contains("policy-3"));
        }
    }

    @Test
    void stoppingLetsLiveRequestsEnd() throws Exception {
        TestServer server = new TestServer(model, 1, 0, "");
        String some = ENDLESS.replace(String.valueOf(POSITIONS - 2), "400");
        try (RawClient client = begun(server, some)) {
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.server.stop(Duration.ofSeconds(30)));
            String rest = client.readAll();
            assertTrue(rest.contains("\"finish_reason\":\"length\"") && rest.contains("data: [DONE]"), rest);
            stopped.get(10, TimeUnit.SECONDS);
        }
        assertThrows(IOException.class, server::raw);
    }

    @Test
    void whatIsLeftAtTheDeadlineIsToldSo() throws Exception {
        TestServer server = new TestServer(model, 1, 0, "");
        try (RawClient client = begun(server, ENDLESS)) {
            CompletableFuture<Void> stopped =
                    CompletableFuture.runAsync(() -> server.server.stop(Duration.ofMillis(100)));
            String rest = client.readAll();
            assertTrue(rest.contains("{\"error\":{\"message\":\"the server shuts down\""), rest);
            stopped.get(10, TimeUnit.SECONDS);
        }
    }
}
