package io.tramontane.cluster.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tramontane.data.BadInputException;
import io.tramontane.data.DaemonThreads;
import io.tramontane.data.JsonReading;
import io.tramontane.data.StoragePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a run folder in an object store, which knows no processes: an object that says who has it, and that its owner
 * writes again every 10 seconds. One that a killed process has left is taken over: at once if that process was of this
 * machine, otherwise if the object does not change within 30 seconds.
 *
 * <p>It can promise less than a file's lock. A process that was cut off from the store for half a minute, or two that take
 * over the same lock in the same second, may both believe that they have it. Then one of them fails with its next batch or
 * step: segments of the ledger are never overwritten ({@link io.tramontane.data.AppendLog}).
 */
final class HeartbeatLock implements RunLock {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatLock.class);
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration STALE = Duration.ofSeconds(30);

    /**
     * What the object says.
     *
     * @param owner differs for every lock that was ever taken
     * @param holder the process, for a person
     * @param machine where process numbers mean the same
     * @param process number and start of the process
     * @param beat grows with every heartbeat
     */
    record Note(String owner, String holder, String machine, String process, long beat) {
        static Note mine() {
            return new Note(
                    UUID.randomUUID().toString(), RunLock.me(), ourMachine(), named(ProcessHandle.current()), 0);
        }

        Note next() {
            return new Note(owner, holder, machine, process, beat + 1);
        }

        /** True if its process was here and has ended. */
        boolean isDead() {
            if (!machine.equals(ourMachine())) return false;
            return ProcessHandle.of(Long.parseLong(process.split(" ")[0]))
                    .filter(ProcessHandle::isAlive)
                    .map(HeartbeatLock::named)
                    .filter(process::equals)
                    .isEmpty();
        }
    }

    private final StoragePath object;
    private final ScheduledExecutorService beating =
            Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("run-lock"));
    private Note note;

    private HeartbeatLock(StoragePath object, Note note) {
        this.object = object;
        this.note = note;
        beating.scheduleWithFixedDelay(this::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    static RunLock take(RunFolder folder, Consumer<String> tell) {
        StoragePath object = folder.lock();
        Note mine = Note.mine();
        try {
            byte[] first = JSON.writeValueAsBytes(mine);
            if (!object.createIfAbsent(first)) {
                awaitStale(folder, tell);
                object.delete();
                if (!object.createIfAbsent(first)) throw inUse(folder, read(object));
            }
            return new HeartbeatLock(object, mine);
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be locked: " + reason(e));
        }
    }

    private static void awaitStale(RunFolder folder, Consumer<String> tell) throws IOException {
        byte[] before = folder.lock().bytes();
        Note other = parse(folder.lock(), before);
        if (other.isDead()) return;
        tell.accept("run folder " + folder.root().name() + " is locked by " + other.holder() + ": looking for up to "
                + STALE.toSeconds() + " s whether it still lives");
        long end = System.nanoTime() + STALE.toNanos();
        while (System.nanoTime() < end) {
            pause();
            if (!folder.lock().exists()) return;
            if (!Arrays.equals(before, folder.lock().bytes())) throw inUse(folder, other);
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a lock", e);
        }
    }

    private static BadInputException inUse(RunFolder folder, Note other) {
        return new BadInputException(
                "run folder " + folder.root().name() + " is in use by " + other.holder() + ": end that run first");
    }

    private static Note read(StoragePath object) throws IOException {
        return parse(object, object.bytes());
    }

    private static Note parse(StoragePath object, byte[] content) throws IOException {
        try {
            return JSON.readValue(content, Note.class);
        } catch (IOException e) {
            throw new IOException(object.name() + " is no lock of a run", e);
        }
    }

    private static String reason(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String named(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    /** Containers have process numbers of their own. */
    private static String ourMachine() {
        Path numbers = Path.of("/proc/self/ns/pid");
        try {
            return RunLock.host() + " " + (Files.exists(numbers) ? Files.readSymbolicLink(numbers) : "");
        } catch (IOException e) {
            return RunLock.host();
        }
    }

    private synchronized void beat() {
        try {
            if (!read(object).owner().equals(note.owner())) {
                LOG.error("{}: another process has taken this run", object.name());
                beating.shutdown();
                return;
            }
            note = note.next();
            object.replace(JSON.writeValueAsBytes(note));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the heartbeat is late", object.name(), e);
        }
    }

    @Override
    public synchronized void close() {
        beating.shutdownNow();
        try {
            if (read(object).owner().equals(note.owner())) object.delete();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the lock cannot be deleted; it is stale in {} s", object.name(), STALE.toSeconds(), e);
        }
    }
}
