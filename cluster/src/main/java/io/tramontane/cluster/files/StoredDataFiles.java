package io.tramontane.cluster.files;

import io.tramontane.data.Rows;
import io.tramontane.data.StoragePath;
import io.tramontane.data.source.DataFiles;
import io.tramontane.data.source.ProblemSources;

/** Problems in every {@link RowForm}, on this machine or at an address that Hadoop reaches. */
public final class StoredDataFiles implements DataFiles {
    /** The sources of a run. */
    public static final ProblemSources PROBLEMS = new ProblemSources(new StoredDataFiles());

    private StoredDataFiles() {}

    @Override
    public StoragePath place(String key, String name) {
        return Storage.path(name);
    }

    @Override
    public boolean holdsRows(String fileName) {
        return RowForm.of(fileName) != RowForm.JSON_LINES || LOCAL.holdsRows(fileName);
    }

    @Override
    public Rows rows(StoragePath file) {
        return RowForm.read(file);
    }
}
