package io.tramontane.app.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Optional;
import java.util.regex.Pattern;

/** One request and its answer, which may come from any thread, once. */
public final class Exchange {
    private static final Pattern THIS_MACHINE = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    final HttpRequest request;
    private final Connection connection;
    private final String path;
    private final long arrived = System.nanoTime();
    private byte[] body = {};
    private Runnable onHangUp;
    private boolean hungUp;

    Exchange(HttpRequest request, Connection connection) {
        this.request = request;
        this.connection = connection;
        this.path = path(request.uri());
    }

    private static String path(String uri) {
        try {
            return new QueryStringDecoder(uri).path();
        } catch (IllegalArgumentException malformed) {
            return uri;
        }
    }

    /** When its head had arrived, as {@link System#nanoTime}. */
    public long arrived() {
        return arrived;
    }

    /** GET, POST and so on. */
    public String method() {
        return request.method().name();
    }

    /** The decoded path, without a query. */
    public String path() {
        return path;
    }

    /** A header's first value. */
    public Optional<String> header(String name) {
        HttpHeaders headers = request.headers();
        return Optional.ofNullable(headers.get(name));
    }

    /**
     * Whether it names this machine, and no web page from elsewhere sent it: a page must not reach a loopback server, neither
     * by DNS rebinding nor by a form.
     */
    public boolean isForThisMachine() {
        String origin = header("Origin").orElse("");
        boolean page = origin.isEmpty() || isThisMachine(origin.replaceFirst("^https?://", ""));
        return page && isThisMachine(header("Host").orElse(""));
    }

    private static boolean isThisMachine(String host) {
        return THIS_MACHINE.matcher(host).matches();
    }

    /** The whole body; empty until the request is complete. */
    public byte[] body() {
        return body;
    }

    void body(byte[] complete) {
        this.body = complete;
    }

    /** Runs once if the client hangs up before the answer is complete, at once if it has; replaces an earlier one. */
    public void onHangUp(Runnable action) {
        synchronized (this) {
            onHangUp = action;
            if (!hungUp) return;
        }
        action.run();
    }

    void hangUp() {
        Runnable action;
        synchronized (this) {
            if (hungUp) return;
            hungUp = true;
            action = onHangUp;
        }
        if (action != null) action.run();
    }

    /** Answers. */
    public void send(Reply reply) {
        connection.send(this, reply);
    }

    /** Begins an answer of server-sent events. */
    public EventStream events() {
        return connection.events(this);
    }
}
