package io.tramontane.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One file. A line has left the process when {@code append} returns: it survives a kill, and the machine from {@code commit}
 * on. What could not be written whole, for want of space for example, is cut off again. A log that cannot do that, or whose
 * file could not be synced, takes nothing more: nobody knows what its file holds.
 */
final class LocalLog implements AppendLog {
    private final Path path;
    private final RandomAccessFile file;
    private IOException broken;

    /** Goes on where the file stands. */
    LocalLog(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static LocalLog open(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        long end = WholeLines.end(file);
        file.setLength(end);
        file.seek(end);
        return new LocalLog(path, file);
    }

    static String version(Path path) throws IOException {
        return Files.size(path) + "-" + Files.getLastModifiedTime(path).toMillis();
    }

    @Override
    public void append(String lines) throws IOException {
        write(lines, false);
    }

    @Override
    public void appendCommitted(String lines) throws IOException {
        write(lines, true);
    }

    private void write(String lines, boolean commit) throws IOException {
        checkUsable();
        FileChannel channel = file.getChannel();
        long before = -1;
        try {
            before = channel.position();
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            if (commit) commit();
        } catch (IOException e) {
            takeBack(before, e);
            throw e;
        }
    }

    private void takeBack(long before, IOException why) {
        try {
            file.getChannel().truncate(before);
            file.getChannel().position(before);
        } catch (IOException e) {
            why.addSuppressed(e);
            broken = why;
        }
    }

    private void checkUsable() throws IOException {
        if (broken != null)
            throw new IOException(path + ": takes nothing more after a failure (" + broken.getMessage() + ")", broken);
    }

    @Override
    public void commit() throws IOException {
        checkUsable();
        try {
            file.getChannel().force(false);
        } catch (IOException e) {
            broken = e;
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (!file.getChannel().isOpen()) return;
        try (file) {
            if (broken == null) commit();
        }
    }
}
