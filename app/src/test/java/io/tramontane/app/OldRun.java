package io.tramontane.app;

import io.tramontane.cluster.run.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A run folder that the program of November 2026 wrote, before storage had an interface: two steps of {@link TinyRun}, with a
 * policy of one layer and 8 numbers a token, its checkpoint after step 2; without report.html and logs.
 */
public final class OldRun {
    private OldRun() {}

    /** Unpacks it. */
    public static RunFolder in(Path folder) throws IOException {
        try (InputStream in = OldRun.class.getResourceAsStream("/run-of-2026-11.zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return new RunFolder(folder);
    }
}
