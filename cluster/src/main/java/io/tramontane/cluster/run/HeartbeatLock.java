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
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock of a run folder in an object store, which knows no processes: an object that says who has it, and that its owner
 * writes again every 10 seconds. One that a killed process has left is taken over: at once if that process was of this
 * machine, otherwise if the object does not change within 30 seconds.
 *
 * <p>It can promise less than a file's lock: a process that was cut off from the store for half a minute goes on beside its
 * successor until its next heartbeat finds another owner, or its next batch or step a segment that exists ({@link
 * io.tramontane.data.AppendLog}). Then it ends.
 */
final class HeartbeatLock implements RunLock {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatLock.class);
    private static final ObjectMapper JSON = JsonReading.mapper();
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration STALE = Duration.ofSeconds(30);
    private static final String CLAIM = "lock.after-";

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
        private static final Pattern OWNER = Pattern.compile("[0-9a-f-]{1,64}"); // becomes part of a name
        private static final Pattern PROCESS = Pattern.compile("\\d{1,18} .*");

        Note {
            if (owner == null || !OWNER.matcher(owner).matches())
                throw new IllegalArgumentException("owner " + owner + ", allowed a UUID");
            if (process == null || !PROCESS.matcher(process).matches())
                throw new IllegalArgumentException("process " + process + ", allowed its number and its start");
            if (holder == null || machine == null)
                throw new IllegalArgumentException("holder " + holder + " on machine " + machine + ", allowed names");
        }

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
    private final LossNotice notice = new LossNotice();
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
            if (!object.createIfAbsent(JSON.writeValueAsBytes(mine)) && !takeOver(folder, object, mine, tell))
                throw ProcessLock.inUse(folder, "a process that has just taken it");
            return new HeartbeatLock(object, mine);
        } catch (IOException e) {
            livingOwner(object).ifPresent(other -> {
                throw ProcessLock.inUse(folder, other.holder());
            });
            throw new BadInputException("run folder " + folder.root().name() + " cannot be locked: " + reason(e));
        }
    }

    /** A store refuses calls about an object that another process replaces within the call: then that one has the lock. */
    private static Optional<Note> livingOwner(StoragePath object) {
        try {
            return Optional.of(read(object)).filter(other -> !other.isDead());
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Takes the place of an owner that is gone. Of several that want to, one makes the object that is named after the gone
     * owner, and only that one may write the lock; false for the others. If it dies before it has, its object is taken over in
     * the same way.
     */
    private static boolean takeOver(RunFolder folder, StoragePath object, Note mine, Consumer<String> tell)
            throws IOException {
        Optional<Note> gone = awaitStale(folder, object, tell);
        if (gone.isEmpty()) return object.createIfAbsent(JSON.writeValueAsBytes(mine));
        StoragePath claim = folder.root().child(CLAIM + gone.get().owner());
        if (!claim.createIfAbsent(JSON.writeValueAsBytes(mine)) && !takeOver(folder, claim, mine, tell)) return false;
        try {
            // it may have been taken over, and the claim deleted, since it was read
            if (!owner(object).equals(gone.map(Note::owner))) return false;
            object.replace(JSON.writeValueAsBytes(mine));
            return true;
        } finally {
            claim.delete();
        }
    }

    private static Optional<String> owner(StoragePath object) throws IOException {
        return object.exists() ? Optional.of(read(object).owner()) : Optional.empty();
    }

    /** Waits for the owner of a lock of this kind, if there is one: an error if it lives. */
    static void awaitOwner(RunFolder folder, Consumer<String> tell) throws IOException {
        StoragePath object = folder.lock();
        if (object.exists() && object.bytes().length > 0 && object.bytes()[0] == '{') awaitStale(folder, object, tell);
    }

    /** The note of an owner that is gone; empty if the lock was given back meanwhile. */
    private static Optional<Note> awaitStale(RunFolder folder, StoragePath object, Consumer<String> tell)
            throws IOException {
        byte[] before = object.bytes();
        Note other = parse(object, before);
        if (other.isDead()) return Optional.of(other);
        tell.accept("run folder " + folder.root().name() + " is locked by " + other.holder() + ": looking for up to "
                + STALE.toSeconds() + " s whether it still lives");
        long end = System.nanoTime() + STALE.toNanos();
        while (System.nanoTime() < end) {
            pause();
            if (!object.exists()) return Optional.empty();
            if (!Arrays.equals(before, object.bytes())) throw ProcessLock.inUse(folder, other.holder());
        }
        return Optional.of(other);
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a lock", e);
        }
    }

    private static Note read(StoragePath object) throws IOException {
        return parse(object, object.bytes());
    }

    private static Note parse(StoragePath object, byte[] content) throws IOException {
        try {
            Note note = JSON.readValue(content, Note.class);
            if (note == null) throw new IOException("nothing");
            return note;
        } catch (IOException e) {
            throw new IOException(
                    object.name()
                            + " is no lock of an object store; name the run by its path if it lies on this machine",
                    e);
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
            if (!owner(object).equals(Optional.of(note.owner()))) {
                beating.shutdown();
                notice.lost(object.name() + ": deleted, or another process has taken this run");
                return;
            }
            note = note.next();
            object.replace(JSON.writeValueAsBytes(note));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: the heartbeat is late", object.name(), e);
        }
    }

    @Override
    public void onLoss(Consumer<String> lost) {
        notice.listen(lost);
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
