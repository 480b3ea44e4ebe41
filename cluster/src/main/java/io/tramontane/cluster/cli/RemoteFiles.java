package io.tramontane.cluster.cli;

import io.tramontane.data.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    /** An open file, wherever it lies; one that is not there is the user's mistake. */
    static InputStream open(String path) {
        try {
            return isRemote(path)
                    ? openRemote(new org.apache.hadoop.fs.Path(path))
                    : Files.newInputStream(Path.of(path));
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new BadInputException(path + ": no such file");
        } catch (IOException e) {
            throw new BadInputException(path + ": cannot be read (" + e.getMessage() + ")");
        }
    }

    private static InputStream openRemote(org.apache.hadoop.fs.Path path) throws IOException {
        return system(path).open(path);
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
