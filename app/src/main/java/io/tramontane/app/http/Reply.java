package io.tramontane.app.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A whole answer.
 *
 * @param status of HTTP
 * @param type media type
 * @param bytes body
 * @param headers further ones
 */
public record Reply(int status, String type, byte[] bytes, Map<String, String> headers) {
    /** Text in UTF-8. */
    public static Reply text(int status, String type, String text) {
        return new Reply(status, type + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** JSON. */
    public static Reply json(int status, byte[] bytes) {
        return new Reply(status, "application/json", bytes, Map.of());
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, type, bytes, more);
    }
}
