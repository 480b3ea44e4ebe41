package io.tramontane.cluster.flight;

/** A call to another process failed or took too long. The message names the peer, the phase and the policy version. */
public final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean passing;

    /** A failure for good. */
    PeerException(String message, Throwable cause) {
        this(message, cause, false);
    }

    PeerException(String message, Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** True when the connection was lost or the answer late: the same call may succeed when it is made again. */
    public boolean passing() {
        return passing;
    }
}
