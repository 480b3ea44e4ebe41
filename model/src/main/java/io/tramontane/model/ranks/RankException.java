package io.tramontane.model.ranks;

/** An exchange between ranks that failed; the message names the rank, the peer, the phase and the step. */
public final class RankException extends RuntimeException {
    private static final long serialVersionUID = 1;

    RankException(String message, Throwable cause) {
        super(message, cause);
    }
}
