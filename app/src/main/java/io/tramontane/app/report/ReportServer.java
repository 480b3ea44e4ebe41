package io.tramontane.app.report;

import io.tramontane.cluster.run.RunFolder;
import io.tramontane.data.AppendLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * Serves the page of a running run. A request makes the page again if the numbers have changed. The page asks every few
 * seconds for a new version.
 */
public final class ReportServer implements AutoCloseable {
    private final RunFolder folder;
    private final Loopback server;
    private String shown = "";
    private String page = "";

    /** Listens on the loopback address; port 0 takes a free one. */
    public ReportServer(RunFolder folder, int port) {
        this.folder = folder;
        if (port > 0) Loopback.check("--port", port);
        try {
            server = new Loopback(
                    "report",
                    port,
                    Map.of(
                            "/", new Loopback.Answer("text/html", this::page),
                            "/version", new Loopback.Answer("text/plain", this::version)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of the page. */
    public String address() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private synchronized String page() {
        String now = version();
        if (!now.equals(shown)) page = ReportPage.live(folder, now);
        shown = now;
        return page;
    }

    /** Changes with every row. */
    private String version() {
        try {
            String version = AppendLog.version(folder.metrics());
            return version.isEmpty() ? "none" : version;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
