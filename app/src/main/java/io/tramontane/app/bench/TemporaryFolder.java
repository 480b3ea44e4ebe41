package io.tramontane.app.bench;

import io.tramontane.data.LocalStorage;
import io.tramontane.data.TemporaryFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A folder in which ranks of a benchmark meet; closing it removes it with all that is in it.
 *
 * @param path of the folder
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
    /** A new one. */
    public static TemporaryFolder make() {
        try {
            return new TemporaryFolder(TemporaryFolders.create("ranks").path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            new LocalStorage(path).deleteTree();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
