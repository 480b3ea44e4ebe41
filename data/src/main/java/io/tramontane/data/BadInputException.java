package io.tramontane.data;

/** The user's input cannot be used. The message is one line: file, line, what is wrong, what is allowed. Exit code 2. */
public class BadInputException extends RuntimeException {
    private static final int LONGEST = 2000;

    /** With the one line that the user reads; names out of a hostile file may carry control characters or be endless. */
    public BadInputException(String message) {
        super(oneLine(message));
    }

    private static String oneLine(String message) {
        String cut = message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message;
        return cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
