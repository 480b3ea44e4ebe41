package io.tramontane.cluster.replay;

/** A replay does not reach what the run recorded. The message names the step, both states, and where training started. */
public final class ReplayDifference extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int step;

    ReplayDifference(int step, String message) {
        super(message);
        this.step = step;
    }

    /** The first step that differs. */
    public int step() {
        return step;
    }
}
