package io.tramontane.data;

/** The user's input cannot be used. The message is one line: file, line, what is wrong, what is allowed. Exit code 2. */
public final class BadInputException extends RuntimeException {
    /** With the one line that the user reads. */
    public BadInputException(String message) {
        super(message);
    }
}
