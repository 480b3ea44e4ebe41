package stranger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A class that somebody tries to start in a cluster that is not his. */
public final class Visit {
    private Visit() {}

    /** Leaves a file. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of(args[0]), "started");
    }
}
