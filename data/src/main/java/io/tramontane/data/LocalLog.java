package io.tramontane.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One file. A line has left the process when {@code append} returns: it survives a kill, and the machine from {@code commit} on. */
final class LocalLog implements AppendLog {
    private final RandomAccessFile file;

    private LocalLog(RandomAccessFile file) {
        this.file = file;
    }

    static LocalLog open(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        long end = WholeLines.end(file);
        file.setLength(end);
        file.seek(end);
        return new LocalLog(file);
    }

    static String version(Path path) throws IOException {
        return Files.size(path) + "-" + Files.getLastModifiedTime(path).toMillis();
    }

    @Override
    public void append(String lines) throws IOException {
        FileChannel channel = file.getChannel();
        ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    @Override
    public void commit() throws IOException {
        file.getChannel().force(false);
    }

    @Override
    public void close() throws IOException {
        if (!file.getChannel().isOpen()) return;
        commit();
        file.close();
    }
}
