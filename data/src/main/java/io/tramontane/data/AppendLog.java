package io.tramontane.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * A file of lines to which one process appends until it may be killed: of the lines that were appended since the last {@link
 * #commit} a suffix may then be missing, and a last line without its newline never happened.
 *
 * <p>On this machine it is one file. An object store cannot append: there it is numbered objects, see {@link SegmentLog}.
 */
public interface AppendLog extends AutoCloseable {
    /** Appends text that ends in a newline: all of it, or nothing and an error. */
    void append(String lines) throws IOException;

    /** Appends and commits as one: after an error these lines never happened, and those before them still wait. */
    void appendCommitted(String lines) throws IOException;

    /** Everything that was appended survives the end of the process and of the machine. */
    void commit() throws IOException;

    /** Commits and closes. */
    @Override
    void close() throws IOException;

    /** Opens it for appending; a torn last line is cut off. */
    static AppendLog open(StoragePath file) throws IOException {
        return file.isRemote() ? SegmentLog.open(file) : LocalLog.open(file.local());
    }

    /** True if anything was ever appended, or the log was opened. */
    static boolean exists(StoragePath file) throws IOException {
        return file.isRemote() ? SegmentLog.exists(file) : file.exists();
    }

    /** Reads all whole lines, numbered from 1; none if there is no file. */
    static void read(StoragePath file, Consumer<Line> sink) throws IOException {
        if (!exists(file)) return;
        try (InputStream in = file.isRemote() ? SegmentLog.stream(file) : file.open()) {
            WholeLines.read(in, sink);
        }
    }

    /** Replaces all lines in one step. */
    static void replace(StoragePath file, List<String> lines) throws IOException {
        if (file.isRemote()) {
            SegmentLog.replace(file, lines);
            return;
        }
        try (AtomicFile whole = file.create(file.beside(".part"))) {
            for (String line : lines) whole.stream().write(line.getBytes(StandardCharsets.UTF_8));
            whole.commit();
        }
    }

    /** Changes with everything that is appended; empty if there is nothing. */
    static String version(StoragePath file) throws IOException {
        if (!exists(file)) return "";
        return file.isRemote() ? SegmentLog.version(file) : LocalLog.version(file.local());
    }

    /**
     * A line without its newline.
     *
     * @param number from 1
     */
    record Line(int number, byte[] bytes) {}
}
