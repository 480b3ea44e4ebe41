package io.tramontane.cluster.run;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One process writes a run. The operating system holds the lock for as long as the process lives, however it ends; the file
 * stays and says who has it. Readers (report, evaluate) need none.
 */
public final class RunLock implements AutoCloseable {
    private final RandomAccessFile file;

    private RunLock(RandomAccessFile file) {
        this.file = file;
    }

    /** Takes a run folder, which is made if need be. One that another process has is bad input that names the process. */
    public static RunLock take(RunFolder folder) {
        Path path = folder.lock();
        try {
            Files.createDirectories(folder.root());
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            if (!isLocked(file)) {
                String holder = Files.readString(path).strip();
                file.close();
                throw new BadInputException("run folder " + folder.root() + " is in use by "
                        + (holder.isEmpty() ? "another process" : holder) + ": end that run first");
            }
            file.setLength(0);
            file.write((me() + "\n").getBytes(StandardCharsets.UTF_8));
            return new RunLock(file);
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root() + " cannot be locked: " + e);
        }
    }

    private static boolean isLocked(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock() != null;
        } catch (OverlappingFileLockException e) { // by this very process
            return false;
        }
    }

    private static String me() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown host";
        }
        return "process " + ProcessHandle.current().pid() + " on " + host + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of a run folder", e);
        }
    }
}
