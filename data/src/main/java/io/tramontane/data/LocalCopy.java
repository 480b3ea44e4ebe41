package io.tramontane.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * A file or folder where this machine's programs can map and seek in it: itself if it is here already, otherwise a copy in
 * the temporary folder, which is deleted by {@link #close}.
 *
 * @param path where it is
 * @param temporary deleted at the end; null for none
 */
public record LocalCopy(Path path, LocalStorage temporary) implements AutoCloseable {
    /** Copies what is not here. */
    public static LocalCopy of(StoragePath source) {
        if (!source.isRemote()) return new LocalCopy(source.local(), null);
        try {
            LocalStorage temporary = TemporaryFolders.create("copy");
            LocalCopy copy = new LocalCopy(temporary.path().resolve(source.fileName()), temporary);
            try {
                copy(source, new LocalStorage(copy.path()));
                return copy;
            } catch (IOException | RuntimeException e) {
                copy.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(source.name() + ": cannot be copied to this machine", e);
        }
    }

    /** Copies a file, or a folder and all that is in it, in pieces. */
    public static void copy(StoragePath from, StoragePath to) throws IOException {
        if (!from.isFolder()) {
            try (InputStream in = from.open();
                    OutputStream out = to.write()) {
                in.transferTo(out);
            }
            return;
        }
        to.makeFolder();
        for (String name : from.list()) copy(from.child(name), to.child(name));
    }

    @Override
    public void close() {
        try {
            if (temporary != null) temporary.deleteTree();
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": the temporary copy cannot be deleted", e);
        }
    }
}
