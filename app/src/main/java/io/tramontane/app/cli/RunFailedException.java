package io.tramontane.app.cli;

/** A run that failed after its folder was made: the cause, and the command that continues it. */
final class RunFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String resume;

    RunFailedException(RuntimeException cause, String resume) {
        super(cause);
        this.resume = resume;
    }

    /** The line that says how the run is continued. */
    String resume() {
        return resume;
    }
}
