package io.tramontane.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A file or folder on this machine ({@link LocalStorage}), or on a file system or object store that the cluster reaches
 * ({@code s3a://}, {@code hdfs://}). What the user named wrongly is a {@link BadInputException}.
 *
 * <p>An object store can neither rename nor append, and its folders exist only by the files in them. So a file appears
 * either whole ({@link #create}) or not at all, and files that grow are {@link AppendLog}s.
 */
public interface StoragePath {
    /** A path with a scheme; {@code C:} is none. */
    Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*|file:/.*");

    /** What the user calls it. */
    String name();

    /** The last part of the name. */
    String fileName();

    /** True for a path with a scheme: no file can be renamed or appended to there. */
    default boolean isRemote() {
        return SCHEME.matcher(name()).matches();
    }

    /** The same as a path of this machine; an IllegalStateException for one that is not here. */
    default Path local() {
        throw new IllegalStateException(name() + " is no path of this machine");
    }

    /** An open file. */
    InputStream open();

    /** A file that appears here when it is complete; meanwhile it lies at {@code temporary}, where the system needs that. */
    AtomicFile create(StoragePath temporary);

    /** A file that appears here when it is complete. */
    default AtomicFile create() {
        return create(unfinished());
    }

    /** A new file that is written in place: for folders that count only when their last file is there. */
    OutputStream write() throws IOException;

    /** Makes a file unless one exists; false if one does. Two that try at the same time cannot both succeed. */
    boolean createIfAbsent(byte[] content) throws IOException;

    /** Where an unfinished file of this process lies. */
    StoragePath unfinished();

    /** True for a folder. */
    boolean isFolder();

    /** True for a file or folder. */
    boolean exists();

    /** The data files in this folder, by name. */
    List<StoragePath> files();

    /** The data files that fit this path as a pattern, by name. */
    List<StoragePath> fitting();

    /** Refuses a path where no file can be made: the folder is missing, or a folder has this name. */
    void checkWritable();

    /** A file or folder in this folder. */
    StoragePath child(String name);

    /** A sibling: this name with a suffix. */
    StoragePath beside(String suffix);

    /** Makes a folder. */
    void makeFolder() throws IOException;

    /** Names of the files and folders in this folder; none when it does not exist. */
    List<String> list() throws IOException;

    /** Removes a file, or a folder that is empty; nothing happens when it does not exist. */
    void delete() throws IOException;

    /** Removes a file or a folder with all that is in it; nothing happens when it does not exist. */
    void deleteTree() throws IOException;

    /** All bytes of a small file. */
    default byte[] bytes() throws IOException {
        try (InputStream in = open()) {
            return in.readAllBytes();
        }
    }

    /** Writes a small file as a whole: a reader sees the old or the new one. */
    default void replace(byte[] content) throws IOException {
        try (AtomicFile file = create(beside(".part"))) {
            file.stream().write(content);
            file.commit();
        }
    }

    /** SHA-256 of the file's bytes, as hex. */
    default String digest() {
        try (InputStream in = open()) {
            return Sha256.of(in);
        } catch (IOException e) {
            throw new UncheckedIOException(name() + ": cannot be read", e);
        }
    }

    /** True for a name with {@code *}, {@code ?}, {@code [...]} or {@code {...}}. */
    static boolean isPattern(String path) {
        return Patterns.GLOB.matcher(path).find();
    }

    /** False for what is no data: {@code _SUCCESS}, hidden files, checksums. */
    static boolean isData(String fileName) {
        return !fileName.startsWith("_") && !fileName.startsWith(".") && !fileName.endsWith(".crc");
    }

    /** Compiled once. */
    final class Patterns {
        private static final Pattern GLOB = Pattern.compile("[*?\\[{]");

        private Patterns() {}
    }
}
