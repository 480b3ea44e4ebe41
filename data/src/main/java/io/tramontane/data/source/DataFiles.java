package io.tramontane.data.source;

import io.tramontane.data.JsonLines;
import io.tramontane.data.LocalPath;
import io.tramontane.data.LocalStorage;
import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;

/** Where the files of problems are, and which forms of rows are known there. */
public interface DataFiles {
    /** Files of JSON lines on this machine; an address is refused. */
    DataFiles LOCAL = new DataFiles() {
        @Override
        public StoragePath place(String key, String name) {
            return new LocalStorage(LocalPath.of(key, name));
        }

        @Override
        public boolean holdsRows(String fileName) {
            return fileName.matches(".*(\\.jsonl|\\.jsonl\\.gz|\\.json)");
        }

        @Override
        public Rows rows(StoragePath file) {
            return JsonLines.open(file);
        }
    };

    /**
     * What a key of the config or an option names.
     *
     * @param key for the error
     */
    StoragePath place(String key, String name);

    /** True for the name of a file of rows; other files of a folder are not read. */
    boolean holdsRows(String fileName);

    /** Opens a file row by row. */
    Rows rows(StoragePath file);
}
