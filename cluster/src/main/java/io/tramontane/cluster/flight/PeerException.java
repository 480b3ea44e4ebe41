package io.tramontane.cluster.flight;

/** A call to another process failed or took too long. The message names the peer, the phase and the policy version. */
public final class PeerException extends RuntimeException {
    PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
