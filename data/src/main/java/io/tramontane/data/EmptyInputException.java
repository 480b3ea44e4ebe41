package io.tramontane.data;

/** A file without rows: an error, except as one of several part files. */
public final class EmptyInputException extends BadInputException {
    /** With the one line that the user reads. */
    public EmptyInputException(String message) {
        super(message);
    }
}
