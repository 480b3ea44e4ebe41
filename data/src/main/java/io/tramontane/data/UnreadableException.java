package io.tramontane.data;

import java.io.IOException;

/** A storage elsewhere did not give a file. That says nothing about the file: another try may succeed. */
public class UnreadableException extends BadInputException {
    private static final long serialVersionUID = 1;

    /** With the one line that the user reads. */
    public UnreadableException(String message) {
        super(message);
    }

    /** What to throw for a file that cannot be read. On this machine that is the file's own fault: its disk is damaged. */
    public static BadInputException of(StoragePath file, String why) {
        String line = file.name() + ": cannot be read (" + why + ")";
        return file.isRemote() ? new UnreadableException(line) : new BadInputException(line);
    }

    /** The same, with what the system said. */
    public static BadInputException of(StoragePath file, IOException e) {
        return of(file, e.getMessage());
    }
}
