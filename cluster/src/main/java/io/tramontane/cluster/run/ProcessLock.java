package io.tramontane.cluster.run;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lock of a folder of this machine. The operating system holds it for as long as the process lives, however it ends; the
 * file stays and says who has it.
 */
final class ProcessLock implements RunLock {
    private final RandomAccessFile file;

    private ProcessLock(RandomAccessFile file) {
        this.file = file;
    }

    /** Takes a run folder, which is made if need be. One that another process has is bad input that names the process. */
    static RunLock take(RunFolder folder) {
        Path path = folder.lock().local();
        try {
            folder.root().makeFolder();
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            if (!isLocked(file)) {
                String holder = Files.readString(path).strip();
                file.close();
                throw new BadInputException("run folder " + folder.root().name() + " is in use by "
                        + (holder.isEmpty() ? "another process" : holder) + ": end that run first");
            }
            file.setLength(0);
            file.write((RunLock.me() + "\n").getBytes(StandardCharsets.UTF_8));
            return new ProcessLock(file);
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be locked: " + e);
        }
    }

    private static boolean isLocked(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock() != null;
        } catch (OverlappingFileLockException e) { // by this very process
            return false;
        }
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
