package io.tramontane.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the repository that are made from the sources: written with TRAMONTANE_WRITE=1, else compared. */
final class Committed {
    private Committed() {}

    static void check(Path file, String text) throws IOException {
        if ("1".equals(System.getenv("TRAMONTANE_WRITE"))) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return;
        }
        assertEquals(
                Files.readString(file),
                text,
                file + " is stale; write it again with: TRAMONTANE_WRITE=1 mvn -pl app -am -Dtest=ConfigKeysTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false test");
    }
}
