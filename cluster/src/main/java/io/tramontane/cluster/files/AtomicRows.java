package io.tramontane.cluster.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
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

/** A file of rows, in the form that its name promises, which appears under its name only when it is complete. */
public final class AtomicRows implements AutoCloseable {
    private final StoragePath place;
    private final AtomicFile file;
    private final RowWriter writer;

    private AtomicRows(StoragePath place, AtomicFile file, RowWriter writer) {
        this.place = place;
        this.file = file;
        this.writer = writer;
    }

    /** Opens the file; until {@link #commit} it lies at {@code temporary}. */
    public static AtomicRows create(StoragePath place, StoragePath temporary, Columns columns) {
        AtomicFile file = place.create(temporary);
        try {
            return new AtomicRows(place, file, writer(place.name(), file.stream(), columns));
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": cannot be written", e);
        }
    }

    private static RowWriter writer(String name, OutputStream out, Columns columns) throws IOException {
        return switch (RowForm.of(name)) {
            case PARQUET -> new ParquetRowWriter(out, columns);
            case ARROW_FILE -> new ArrowRowWriter(out, columns, true);
            case ARROW_STREAM -> new ArrowRowWriter(out, columns, false);
            case JSON_LINES -> lines(Codec.isGzip(name) ? new GZIPOutputStream(out, 1 << 16) : out);
        };
    }

    private static RowWriter lines(OutputStream out) {
        BufferedWriter text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        return new RowWriter() {
            @Override
            public void add(ObjectNode row) throws IOException {
                text.append(row.toString()).append('\n');
            }

            @Override
            public void finish() throws IOException {
                text.close();
            }
        };
    }

    /** One row more. */
    public void add(ObjectNode row) {
        try {
            writer.add(row);
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": cannot be written", e);
        }
    }

    /** Gives the file its name. */
    public void commit() {
        try {
            writer.finish();
            file.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": cannot be written", e);
        }
    }

    @Override
    public void close() {
        try {
            writer.close();
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(place.name() + ": the unfinished file cannot be removed", e);
        }
    }
}
