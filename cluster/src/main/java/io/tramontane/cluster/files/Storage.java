package io.tramontane.cluster.files;

import io.tramontane.data.LocalStorage;
import io.tramontane.data.StoragePath;
import java.nio.file.Path;

/** Where the user's paths lead: this machine, or with a scheme ({@code s3a://}, {@code hdfs://}) what Hadoop reaches. */
public final class Storage {
    private Storage() {}

    /** A file or folder, whether it exists or not. */
    public static StoragePath path(String name) {
        return StoragePath.SCHEME.matcher(name).matches() ? new HadoopStorage(name) : new LocalStorage(Path.of(name));
    }
}
