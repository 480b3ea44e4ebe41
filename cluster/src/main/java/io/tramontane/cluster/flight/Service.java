package io.tramontane.cluster.flight;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a {@link FlightHost} offers. Methods run on the host's threads and may wait, but not for longer than the caller's
 * deadline. What they throw reaches the caller with its message.
 */
public interface Service {
    /** Answers a small question; the answer is any value that Jackson can write. */
    default Object answer(String name, JsonNode request) {
        throw new UnsupportedOperationException("no action " + name);
    }

    /** Gives the bytes that somebody fetches. */
    default Payload stream(String name, JsonNode request) {
        throw new UnsupportedOperationException("no stream " + name);
    }

    /** Takes bytes that somebody put; the answer is any value that Jackson can write. */
    default Object accept(String name, Sink.Memory received) {
        throw new UnsupportedOperationException("no put " + name);
    }
}
