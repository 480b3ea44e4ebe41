package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.fs.FileSystem;

/**
 * A UTF-8 text file that appears under its name only when it is complete: written beside, renamed by {@link #commit},
 * removed by {@link #close} without one. Local paths and every Hadoop file system; {@code .gz} is compressed.
 */
final class AtomicText implements AutoCloseable {
    /** The few acts in which file systems differ. */
    private interface Place {
        OutputStream create() throws IOException;

        void rename() throws IOException;

        void remove() throws IOException;
    }

    private final String name;
    private final Place place;
    private final BufferedWriter writer;
    private boolean committed;

    private AtomicText(String name, Place place) throws IOException {
        this.name = name;
        this.place = place;
        OutputStream bytes = place.create();
        this.writer = new BufferedWriter(new OutputStreamWriter(
                name.endsWith(".gz") ? new GZIPOutputStream(bytes) : bytes, StandardCharsets.UTF_8));
    }

    /** Opens the temporary file; a folder that does not exist is the user's mistake. */
    static AtomicText open(String path) {
        try {
            return new AtomicText(path, RemoteFiles.isRemote(path) ? remote(path) : local(Path.of(path)));
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be written (" + e.getMessage() + ")");
        }
    }

    /** One line and its end. */
    void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be written", e);
        }
    }

    /** Gives the file its name. */
    void commit() {
        try {
            writer.close();
            place.rename();
            committed = true;
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be written", e);
        }
    }

    @Override
    public void close() {
        if (committed) return;
        try {
            writer.close();
            place.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": the unfinished file cannot be removed", e);
        }
    }

    private static Place local(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) throw new BadInputException(path + ": folder " + folder + " does not exist");
        if (Files.isDirectory(path)) throw new BadInputException(path + ": is a folder, must be a file");
        Path temporary = folder.resolve(
                "." + path.getFileName() + "." + ProcessHandle.current().pid());
        return new Place() {
            @Override
            public OutputStream create() throws IOException {
                return Files.newOutputStream(temporary);
            }

            @Override
            public void rename() throws IOException {
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }

            @Override
            public void remove() throws IOException {
                Files.deleteIfExists(temporary);
            }
        };
    }

    private static Place remote(String name) throws IOException {
        var path = new org.apache.hadoop.fs.Path(name);
        var temporary = new org.apache.hadoop.fs.Path(path.getParent(), "_" + path.getName() + ".unfinished");
        FileSystem files = RemoteFiles.system(path);
        return new Place() {
            @Override
            public OutputStream create() throws IOException {
                return files.create(temporary, true);
            }

            @Override
            public void rename() throws IOException {
                files.delete(path, false);
                if (!files.rename(temporary, path)) throw new IOException("cannot rename " + temporary);
            }

            @Override
            public void remove() throws IOException {
                files.delete(temporary, false);
            }
        };
    }
}
