package io.tramontane.cluster.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.parquet.io.InputFile;

/**
 * A file or folder on this machine, or on any file system that Hadoop knows ({@code s3a://}, {@code hdfs://}, {@code
 * file://}). What the user named wrongly is a {@link io.tramontane.data.BadInputException}.
 */
public interface Place {
    /** What the user calls it. */
    String name();

    /** True for a path with a scheme. */
    default boolean isRemote() {
        return SCHEME.matcher(name()).matches();
    }

    /** An open file. */
    InputStream open();

    /** The same for Parquet, which jumps about in its files. */
    InputFile parquet();

    /** A file that appears here when it is complete; meanwhile it lies at {@code temporary}, where the system needs that. */
    AtomicFile create(Place temporary);

    /** A file that appears here when it is complete. */
    default AtomicFile create() {
        return create(unfinished());
    }

    /** Where an unfinished file of this process lies. */
    Place unfinished();

    /** True for a folder. */
    boolean isFolder();

    /** True for a file or folder. */
    boolean exists();

    /** The data files in this folder, by name. */
    List<Place> files();

    /** The data files that fit this path as a pattern, by name. */
    List<Place> fitting();

    /** Complains where no file can be made: the folder is missing, or a folder has this name. */
    void checkWritable();

    /** Something inside this folder. */
    Place child(String name);

    /** Something beside, whose name goes on with this suffix. */
    Place beside(String suffix);

    /** Makes a folder. */
    void makeFolder() throws IOException;

    /** Names of the files in this folder; none when it does not exist. */
    List<String> list() throws IOException;

    /** Removes a file, or a folder that is empty; nothing happens when it does not exist. */
    void delete() throws IOException;

    /** Where a path leads. */
    static Place of(String path) {
        return SCHEME.matcher(path).matches() ? new RemotePlace(path) : new LocalPlace(Path.of(path));
    }

    /** SHA-256 of the file's bytes, as hex. */
    default String digest() {
        try (DigestInputStream in = new DigestInputStream(open(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(name() + ": cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A path with a scheme; {@code C:} is none. */
    Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+://.*|file:/.*");
}
