package io.tramontane.cluster.run;

import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The lock of a folder of this machine. The operating system holds it for as long as the process lives, however it ends; the
 * file stays and says who has it. Somebody may delete the file, and then another process locks a new one: the holder looks
 * every second whether the folder still has the file that it locked.
 */
final class ProcessLock implements RunLock {
    private final Path path;
    private final RandomAccessFile file;
    private final FileLock lock; // held by this object, so that the JVM knows of it
    private final Object identity;
    private final LossNotice notice = new LossNotice();
    private final ScheduledExecutorService watching =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("run-lock"));

    private ProcessLock(Path path, RandomAccessFile file, FileLock lock) throws IOException {
        this.path = path;
        this.file = file;
        this.lock = lock;
        this.identity = identity(path);
        watching.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Takes the lock of a folder that exists. One that another process has is bad input that names the process. No other file
     * object of this process may be open on the lock, see {@link HeldLocks}.
     */
    static RunLock take(RunFolder folder, Consumer<String> tell) {
        Path path = folder.lock().local();
        try {
            HeartbeatLock.awaitOwner(folder, tell); // of a process that named this folder by file://
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            FileLock lock = file.getChannel().tryLock();
            if (lock == null) {
                String holder = Files.readString(path).strip();
                file.close();
                throw inUse(folder, holder.isEmpty() ? "another process" : holder);
            }
            file.setLength(0);
            file.write((RunLock.me() + "\n").getBytes(StandardCharsets.UTF_8));
            if (Files.exists(path)) return new ProcessLock(path, file, lock);
            file.close();
            throw inUse(folder, "a process that has just deleted its lock");
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be locked: " + e);
        }
    }

    static BadInputException inUse(RunFolder folder, String holder) {
        return new BadInputException(
                "run folder " + folder.root().name() + " is in use by " + holder + ": end that run first");
    }

    /** Which file it is, whatever its name; reading this opens none. */
    private static Object identity(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    private void watch() {
        try {
            if (String.valueOf(identity(path)).equals(String.valueOf(identity))) return;
            notice.lost(path + " was replaced: another process may write this run");
        } catch (IOException e) {
            notice.lost(path + " was deleted, so that another process may write this run");
        }
        watching.shutdown();
    }

    @Override
    public void onLoss(Consumer<String> lost) {
        notice.listen(lost);
    }

    @Override
    public void close() {
        watching.shutdownNow();
        try {
            if (lock.isValid()) lock.release();
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the lock of a run folder", e);
        }
    }
}
