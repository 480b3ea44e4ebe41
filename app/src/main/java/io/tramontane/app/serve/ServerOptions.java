package io.tramontane.app.serve;

import io.tramontane.app.http.HttpLimits;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a model is served.
 *
 * @param address to listen on; port 0 takes a free one
 * @param key API key; empty if none is needed
 * @param waiting completions that may wait for a slot
 * @param threads of an operator
 * @param http what a client may cost
 */
public record ServerOptions(InetSocketAddress address, String key, int waiting, int threads, HttpLimits http) {
    /** How long live requests may go on after the server was told to stop. */
    public static final Duration GRACE = Duration.ofSeconds(10);
}
