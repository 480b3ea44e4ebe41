package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Paths with a scheme ({@code s3a://}, {@code hdfs://}, {@code file://}), through Hadoop's file systems. */
final class RemoteFiles {
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*|file:/.*");
    private static final String HADOOP = "spark.hadoop.";

    private RemoteFiles() {}

    static boolean isRemote(String path) {
        return SCHEME.matcher(path).matches();
    }

    /** The path itself, or a temporary local copy that ends with the process and keeps the name's ending. */
    static Path fetch(String path) {
        if (!isRemote(path)) return Path.of(path);
        var remote = new org.apache.hadoop.fs.Path(path);
        try {
            FileSystem files = system(remote);
            if (!files.exists(remote)) throw new BadInputException(path + ": no such file");
            Path folder = Files.createTempDirectory("tramontane-input");
            Path copy = folder.resolve(remote.getName());
            folder.toFile().deleteOnExit();
            copy.toFile().deleteOnExit();
            try (var in = files.open(remote)) {
                Files.copy(in, copy);
            }
            return copy;
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    /** With the settings that spark-submit passes as {@code spark.hadoop.*}. */
    static FileSystem system(org.apache.hadoop.fs.Path path) {
        Configuration settings = new Configuration();
        System.getProperties().forEach((key, value) -> {
            if (key instanceof String name && name.startsWith(HADOOP))
                settings.set(name.substring(HADOOP.length()), String.valueOf(value));
        });
        try {
            return path.getFileSystem(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": this file system cannot be reached", e);
        }
    }
}
