package io.tramontane.app.http;

/** What a server answers. Both methods run on a thread of the network: they must not wait, nor compute for long. */
public interface HttpHandler {
    /**
     * Sees a request's head before its body is read.
     *
     * @return false if it has answered, so that the body is not wanted
     */
    default boolean wantsBody(Exchange exchange) {
        return true;
    }

    /** Answers a whole request, now or later, from any thread. */
    void handle(Exchange exchange);

    /** What a client gets whose request is no HTTP, too large, or too slow. */
    Reply refusal(int status, String message);
}
