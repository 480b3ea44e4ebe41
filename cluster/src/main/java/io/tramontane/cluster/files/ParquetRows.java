package io.tramontane.cluster.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.EmptyInputException;
import io.tramontane.data.JsonLines.Line;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

/** A Parquet file as JSON objects; one row group at a time is in memory. Errors name file and row, from 1. */
final class ParquetRows implements Rows {
    private static final Set<CompressionCodecName> WITHOUT_LIBRARY =
            Set.of(CompressionCodecName.BROTLI, CompressionCodecName.LZO);

    private final String name;
    private final ParquetReader<Group> reader;
    private Group next;
    private long number;

    /** The builder for our kind of row. */
    private static final class Builder extends ParquetReader.Builder<Group> {
        Builder(InputFile file) {
            super(file);
        }

        @Override
        protected ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }

    ParquetRows(StoragePath place) {
        this.name = place.name();
        try {
            place.open().close(); // says it better when there is none
            InputFile file = file(place);
            checkCodecs(file);
            this.reader = new Builder(file).build();
        } catch (BadInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
        advance();
        if (next == null) throw new EmptyInputException(name + ": the file is empty, needs at least one row");
    }

    private static InputFile file(StoragePath place) {
        return place instanceof HadoopStorage remote ? remote.parquet() : new LocalInputFile(place.local());
    }

    /** The library for these is none of ours. */
    private void checkCodecs(InputFile file) throws IOException {
        try (ParquetFileReader footer = ParquetFileReader.open(file)) {
            for (BlockMetaData rows : footer.getFooter().getBlocks())
                for (ColumnChunkMetaData column : rows.getColumns())
                    if (WITHOUT_LIBRARY.contains(column.getCodec()))
                        throw new BadInputException(
                                name + ": column " + column.getPath().toDotString()
                                        + " is compressed by "
                                        + column.getCodec().name().toLowerCase(Locale.ROOT)
                                        + ", allowed none, snappy, gzip, zstd, lz4");
        }
    }

    private void advance() {
        next = null; // a file that cannot be read on has ended
        try {
            next = reader.read();
            number++;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw broken(e);
        }
    }

    private BadInputException broken(Throwable e) {
        return new BadInputException(name + (number == 0 ? "" : ":" + (number + 1)) + ": not a whole Parquet file: "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Line next() {
        if (next == null) throw new NoSuchElementException(name + " has no more rows");
        String where = name + ":" + number;
        ObjectNode row = row();
        advance();
        return new Line(row, where);
    }

    /** A text's bytes are first looked at here. */
    private ObjectNode row() {
        try {
            return ParquetValues.object(next);
        } catch (RuntimeException e) {
            throw broken(e);
        }
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new BadInputException(name + ": cannot be closed: " + e.getMessage());
        }
    }
}
