package io.tramontane.app.serve;

import io.tramontane.app.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Who may ask.
 *
 * @param key the API key; empty if none is needed
 * @param loopback the server listens for this machine only
 */
record Access(String key, boolean loopback) {
    /** The refusal, if there is one. */
    Optional<ApiError> refusal(Exchange exchange) {
        if (loopback && !exchange.isForThisMachine())
            return Optional.of(ApiError.of(
                    403,
                    "this server listens for this machine only: the Host header (and the Origin of a web page) must be"
                            + " localhost, 127.0.0.1 or [::1]"));
        boolean open = key.isEmpty() || !exchange.path().startsWith("/v1/");
        return open || hasKey(exchange)
                ? Optional.empty()
                : Optional.of(ApiError.of(401, "the API key is missing or wrong"));
    }

    /** Takes the same time wherever the first difference is. */
    private boolean hasKey(Exchange exchange) {
        String given = exchange.header("Authorization").orElse("");
        return MessageDigest.isEqual(
                ("Bearer " + key).getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
