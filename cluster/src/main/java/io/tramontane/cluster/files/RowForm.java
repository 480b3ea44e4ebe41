package io.tramontane.cluster.files;

import io.tramontane.data.JsonLines;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import java.util.Locale;

/** Forms of a file of rows, told apart by the end of its name. In every form a row is a JSON object. */
public enum RowForm {
    /** {@code .jsonl}, {@code .jsonl.gz} and every other ending. */
    JSON_LINES,
    /** {@code .parquet}. */
    PARQUET,
    /** {@code .arrow}, {@code .feather}: Arrow's IPC file. */
    ARROW_FILE,
    /** {@code .arrows}: Arrow's IPC stream. */
    ARROW_STREAM;

    /** The form that a name promises. */
    public static RowForm of(String given) {
        String name = given.toLowerCase(Locale.ROOT);
        if (name.endsWith(".parquet")) return PARQUET;
        if (name.endsWith(".arrow") || name.endsWith(".feather")) return ARROW_FILE;
        return name.endsWith(".arrows") ? ARROW_STREAM : JSON_LINES;
    }

    /** Reads a file row by row, in order, in memory that does not grow with the file. */
    public static Rows read(StoragePath place) {
        return switch (of(place.name())) {
            case JSON_LINES -> new JsonLines(place.open(), place.name());
            case PARQUET -> new ParquetRows(place);
            case ARROW_FILE, ARROW_STREAM -> new ArrowRows(place);
        };
    }
}
