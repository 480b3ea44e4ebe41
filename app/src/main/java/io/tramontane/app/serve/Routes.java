package io.tramontane.app.serve;

import io.tramontane.app.http.Exchange;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What answers a path.
 *
 * @param gets for GET and HEAD
 * @param posts for POST, with the body's fields
 */
record Routes(Map<String, Consumer<Exchange>> gets, Map<String, BiConsumer<Exchange, Fields>> posts) {
    boolean known(String path) {
        return gets.containsKey(path) || posts.containsKey(path);
    }
}
