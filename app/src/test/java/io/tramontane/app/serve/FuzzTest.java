package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.app.http.RawClient;
import io.tramontane.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Malformed requests leave the server as it was. {@code -Dtramontane.fuzz=20000} sends more of them. */
class FuzzTest {
    private static final int COUNT = Integer.getInteger("tramontane.fuzz", 2000);

    /** Far less than a leak of a kilobyte for each of 20,000 requests. */
    private static final long GROWTH = 10_000_000;

    @Test
    void malformedRequestsAreRefusedAndLeaveNothing() throws Exception {
        Malformed malformed = new Malformed(5);
        Map<String, Integer> statuses = new TreeMap<>();
        try (TestServer server = new TestServer(ModelFolder.resolve("builtin:tiny"), 4, 16, "")) {
            for (int i = 0; i < COUNT / 4; i++) send(server, malformed.next(), statuses);
            long before = heap();
            for (int i = COUNT / 4; i < COUNT; i++) send(server, malformed.next(), statuses);
            server.awaitOpen(0);
            long growth = heap() - before;
            assertTrue(growth < GROWTH, growth + " bytes more than after a quarter of the requests");
            assertEquals(List.of(), List.copyOf(server.console), statuses.toString());
            assertEquals(
                    200,
                    server.post("/v1/chat/completions", TestServer.chat("Two and two?", ""))
                            .statusCode());
            assertTrue(statuses.getOrDefault("400", 0) > COUNT / 3, statuses.toString());
        }
        System.out.println("malformed requests: " + statuses);
    }

    private static void send(TestServer server, Malformed.Request request, Map<String, Integer> statuses)
            throws IOException {
        String sent = new String(request.bytes(), StandardCharsets.UTF_8);
        String answer;
        try (RawClient client = server.raw()) {
            client.send(request.bytes());
            if (!request.whole()) client.end();
            answer = client.readAll();
        } catch (IOException cutOff) {
            if (request.whole()) throw cutOff;
            answer = "";
        }
        String status = answer.isEmpty() ? "none" : answer.replaceFirst("(?s)^HTTP/1.1 (\\d+).*", "$1");
        statuses.merge(status, 1, Integer::sum);
        assertTrue(
                status.matches("200|400|403|404|405|408|413|429") || !request.whole() && status.equals("none"),
                sent + "\n" + answer);
        assertTrue(!answer.contains("Exception") && !answer.contains("\tat "), sent + "\n" + answer);
        if (status.startsWith("4")) assertTrue(answer.contains("{\"error\":{\"message\":\""), sent + "\n" + answer);
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
