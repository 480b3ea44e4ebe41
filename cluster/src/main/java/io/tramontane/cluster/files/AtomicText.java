package io.tramontane.cluster.files;

import io.tramontane.data.AtomicFile;
import io.tramontane.data.Codec;
import io.tramontane.data.StoragePath;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** A UTF-8 text file that appears under its name only when it is complete; {@code .gz} is compressed. */
public final class AtomicText implements AutoCloseable {
    private final String name;
    private final AtomicFile file;
    private final BufferedWriter writer;

    private AtomicText(String name, AtomicFile file) throws IOException {
        this.name = name;
        this.file = file;
        OutputStream bytes = file.stream();
        this.writer = new BufferedWriter(new OutputStreamWriter(
                Codec.isGzip(name) ? new GZIPOutputStream(bytes, 1 << 16) : bytes, StandardCharsets.UTF_8));
    }

    /** Opens the temporary file; a folder that does not exist is the user's mistake. */
    public static AtomicText open(String path) {
        StoragePath place = Storage.path(path);
        return open(place, place.create());
    }

    /** The same for a file that is already open. */
    public static AtomicText open(StoragePath place, AtomicFile file) {
        try {
            return new AtomicText(place.name(), file);
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": cannot be written", e);
        }
    }

    /** One line and its end. */
    public void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be written", e);
        }
    }

    /** Gives the file its name. */
    public void commit() {
        try {
            writer.close();
            file.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": the unfinished file cannot be removed", e);
        }
    }
}
