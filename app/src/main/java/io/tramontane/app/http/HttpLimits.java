package io.tramontane.app.http;

import java.time.Duration;

/**
 * What a client may cost.
 *
 * @param connections open at the same time; further ones are closed at once
 * @param bodyBytes of a request
 * @param head from the connection's start, or the end of its last answer, to the end of a request's head
 * @param body from there to the end of the request's body
 * @param write how long the client may leave more than {@link #PENDING} bytes of an answer unread
 */
public record HttpLimits(int connections, int bodyBytes, Duration head, Duration body, Duration write) {
    /** Bytes of answers that may wait for a slow client; with more, the deadline for writing runs. */
    static final int PENDING = 1 << 18;

    /** Bytes of a request line. */
    static final int LINE = 8192;

    /** Bytes of all headers of a request. */
    static final int HEADERS = 16_384;

    /** 1,024 connections, bodies of 8 MiB, a minute for a head, half a minute for a body and for unread bytes. */
    public static HttpLimits defaults() {
        return new HttpLimits(1024, 8 << 20, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(30));
    }
}
