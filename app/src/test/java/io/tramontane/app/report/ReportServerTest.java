package io.tramontane.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReportServerTest {
    @TempDir
    Path temp;

    private static String ask(ReportServer server, String request) throws IOException {
        URI address = URI.create(server.address());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write((request + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    private static String get(ReportServer server, String path) throws IOException {
        return ask(server, "GET " + path + " HTTP/1.1\r\nHost: localhost:1");
    }

    @Test
    void theRunIsServedWhileItRunsAndTheVersionChangesWithNewRows() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (MetricsLog log = MetricsLog.open(folder);
                ReportServer server = new ReportServer(folder, 0)) {
            String none = get(server, "/version");
            log.append(MetricRows.eval(0));
            String page = get(server, "/");
            assertTrue(page.startsWith("HTTP/1.1 200 OK"), page.substring(0, 80));
            assertTrue(page.contains("Cold start: correctness 38 %"));
            assertTrue(page.contains("; connect-src 'self'\">") && page.contains("fetch('version'"));
            String before = get(server, "/version");
            assertNotEquals(last(none), last(before));
            assertTrue(page.contains("\"live\":\"" + last(before) + "\""));
            log.append(MetricRows.train(1));
            assertNotEquals(last(before), last(get(server, "/version")));
            assertTrue(get(server, "/").contains("\"steps\":1"));
            assertTrue(Files.notExists(folder.report().local()), "serving writes nothing");
        }
    }

    @Test
    void onlyThisMachineAndKnownPathsAreAnswered() throws IOException {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (ReportServer server = new ReportServer(folder, 0)) {
            assertTrue(ask(server, "GET / HTTP/1.1\r\nHost: evil.example").startsWith("HTTP/1.1 403"));
            assertTrue(ask(server, "GET / HTTP/1.1\r\nHost: localhost.evil.example")
                    .startsWith("HTTP/1.1 403"));
            assertTrue(ask(server, "POST / HTTP/1.1\r\nHost: 127.0.0.1").startsWith("HTTP/1.1 405"));
            assertTrue(get(server, "/../../etc/passwd").startsWith("HTTP/1.1 404"));
            assertTrue(ask(server, "HEAD / HTTP/1.1\r\nHost: [::1]:80").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void aPortThatIsTakenIsBadInput() {
        RunFolder folder = RunFolder.create(temp.resolve("run"));
        try (ReportServer server = new ReportServer(folder, 0)) {
            int port = URI.create(server.address()).getPort();
            String message = assertThrows(BadInputException.class, () -> new ReportServer(folder, port))
                    .getMessage();
            assertTrue(message.startsWith("--port " + port + " cannot be listened on: "), message);
        }
        assertEquals(0, new java.io.File(folder.root().local().toFile(), "report.html").length());
    }

    private static String last(String answer) {
        return answer.substring(answer.lastIndexOf('\n') + 1);
    }
}
