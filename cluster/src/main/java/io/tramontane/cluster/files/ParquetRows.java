package io.tramontane.cluster.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tramontane.data.BadInputException;
import io.tramontane.data.JsonLines.Line;
import io.tramontane.data.Rows;
import java.io.IOException;
import java.util.NoSuchElementException;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;

/** A Parquet file as JSON objects; one row group at a time is in memory. Errors name file and row, from 1. */
final class ParquetRows implements Rows {
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

    ParquetRows(Place place) {
        this.name = place.name();
        try {
            place.open().close(); // says it better when there is none
            this.reader = new Builder(place.parquet()).build();
        } catch (BadInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
        advance();
        if (next == null) throw new BadInputException(name + ": the file is empty, needs at least one row");
    }

    private void advance() {
        next = null; // a file that cannot be read on has ended
        try {
            next = reader.read();
            number++;
        } catch (IOException | RuntimeException e) {
            throw broken(e);
        }
    }

    private BadInputException broken(Exception e) {
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
        ObjectNode row = ParquetValues.object(next);
        advance();
        return new Line(row, where);
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
