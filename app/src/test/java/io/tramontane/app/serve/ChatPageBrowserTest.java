package io.tramontane.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chat page in a real browser, against a server that says what each test wants. Needs Chromium or Chrome on the path,
 * and is left out without one.
 */
class ChatPageBrowserTest {
    private static final String QUESTION = "<b>1</b> & 2?";

    /** Tells the server when the answer or the refusal is on the page; until then an image keeps the page loading. */
    private static final String SIGNAL =
            """
            const shown = setInterval(() => {
              const answer = document.querySelector('.turn.answer');
              const refusal = document.querySelector('[role=alert]');
              const refused = refusal && refusal.textContent && !document.getElementById('lock').hidden;
              if (!refused && (!answer || answer.getAttribute('aria-busy') === 'true')) return;
              clearInterval(shown);
              fetch('/done');
            }, 50);
            """;

    @TempDir
    Path temp;

    private HttpServer server;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile String request = "";
    private volatile boolean locked;
    private volatile String thoughts = "";
    private volatile String answer = "";

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::page);
        server.createContext("/v1/models", exchange -> models(exchange));
        server.createContext("/v1/chat/completions", this::completion);
        server.createContext("/hold", this::hold);
        server.createContext("/done", exchange -> {
            done.countDown();
            send(exchange, 200, "text/plain", "done");
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void anAnswerIsShownAsMarkdownAndFormulasWithItsThoughtsFolded() throws Exception {
        thoughts = "Let me **see**.";
        answer = "So $x^2$ is\\n\\n- `a`\\n- **b**\\n\\n$$\\\\frac12$$\\n\\n\\\\boxed{4}";
        String page = browser();
        assertTrue(request.contains("\"content\":\"<b>1</b> & 2?\""), request);
        assertTrue(request.contains("\"stream\":true"), request);
        assertTrue(page.contains("<div class=\"said\">&lt;b&gt;1&lt;/b&gt; &amp; 2?</div>"), "the question is text");
        assertTrue(page.contains("<li><code>a</code></li><li><strong>b</strong></li>"), page(page));
        assertEquals(3, count(page, "class=\"katex\""), page(page));
        assertTrue(
                page.contains("<summary>Thought for ") || page.contains("<summary class=\"\">Thought for "),
                page(page));
        assertFalse(page.contains("<details class=\"thoughts\" open"), "folded");
        assertTrue(page.contains("<span>2 tokens</span>"), page(page));
        assertTrue(page.contains("first token after "), page(page));
    }

    @Test
    void whatAModelWritesIsNeverMarkup() throws Exception {
        answer = "<img src=x onerror=hit()> [a](javascript:hit()) ![p](https://example.org/p.png) "
                + "$\\\\href{javascript:hit()}{x}$ `<script>hit()</script>` <style>*{display:none}</style>";
        String page = browser();
        String shown = page.substring(page.indexOf("class=\"turn answer\""), page.indexOf("id=\"composer\""));
        for (String tag : List.of("<img", "<script", "<style", "<iframe", "href=\"javascript"))
            assertFalse(shown.contains(tag), tag + ": " + shown);
        assertTrue(shown.contains("&lt;img src=x onerror=hit()&gt;"), shown);
        assertTrue(
                shown.contains(
                        "<a href=\"https://example.org/p.png\" target=\"_blank\" rel=\"noopener noreferrer\">p</a>"),
                shown);
    }

    @Test
    void aServerWithAKeyIsAskedForIt() throws Exception {
        locked = true;
        String page = browser();
        assertTrue(page.contains("<div id=\"lock\">"), "the field is shown");
        assertTrue(page.contains("role=\"alert\">the key is missing"), page(page));
    }

    private void page(HttpExchange exchange) throws IOException {
        String driver = "<script>setTimeout(() => { document.getElementById('question').value = '" + QUESTION
                + "'; document.getElementById('send').click(); }, 200);" + SIGNAL
                + "</script><img src=\"/hold\"></body>";
        String page = new String(new ChatPage().bytes(), StandardCharsets.UTF_8)
                .replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "")
                .replace("</body>", driver);
        send(exchange, 200, "text/html; charset=utf-8", page);
    }

    private void hold(HttpExchange exchange) throws IOException {
        try {
            done.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        send(exchange, 404, "text/plain", "no image");
    }

    private void models(HttpExchange exchange) throws IOException {
        if (locked) send(exchange, 401, "application/json", "{\"error\":{\"message\":\"the key is missing\"}}");
        else send(exchange, 200, "application/json", "{\"data\":[{\"id\":\"tiny\",\"max_model_len\":256}]}");
    }

    private void completion(HttpExchange exchange) throws IOException {
        request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (locked) {
            models(exchange);
            return;
        }
        String events = event("{\"role\":\"assistant\",\"content\":\"\"}", "null")
                + (thoughts.isEmpty() ? "" : event("{\"reasoning_content\":\"" + thoughts + "\"}", "null"))
                + event("{\"content\":\"" + answer + "\"}", "null")
                + event("{}", "\"stop\"")
                + "data: {\"choices\":[],\"usage\":{\"completion_tokens\":2}}\n\ndata: [DONE]\n\n";
        send(exchange, 200, "text/event-stream", events);
    }

    private static String event(String delta, String reason) {
        return "data: {\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason + "}]}\n\n";
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** What the page has become once the answer is there. */
    private String browser() throws IOException, InterruptedException {
        Path out = temp.resolve("page.html");
        Process chromium = new ProcessBuilder(
                        program(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + temp.resolve("profile"),
                        "--dump-dom",
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/")
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(chromium.waitFor(90, TimeUnit.SECONDS), "the browser did not end in 90 s");
        } finally {
            chromium.descendants().forEach(ProcessHandle::destroyForcibly);
            chromium.destroyForcibly();
        }
        return Files.readString(out);
    }

    private static String program() {
        List<String> found = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(Path.of(folder)::resolve))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .toList();
        Assumptions.assumeFalse(found.isEmpty(), "no Chromium on the path");
        return found.get(0);
    }

    private static String page(String page) {
        int talk = page.indexOf("id=\"talk\"");
        return page.substring(Math.max(0, talk), Math.max(0, page.indexOf("id=\"composer\"")));
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }
}
