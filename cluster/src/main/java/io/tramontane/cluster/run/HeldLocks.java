package io.tramontane.cluster.run;

import io.tramontane.data.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The locks of this process. They are static because the operating system's are: it gives a process a lock as often as it
 * asks, and takes it away as soon as any descriptor of the file is closed. So a second taker must not touch the file.
 */
final class HeldLocks {
    private static final Map<String, RunLock> HELD = new HashMap<>();

    private HeldLocks() {}

    static RunLock take(RunFolder folder, Consumer<String> tell) {
        synchronized (HELD) {
            String key = key(folder);
            if (HELD.containsKey(key))
                throw ProcessLock.inUse(folder, RunLock.me().replaceAll(" since .*", ""));
            RunLock lock = folder.root().isRemote() ? HeartbeatLock.take(folder, tell) : ProcessLock.take(folder, tell);
            HELD.put(key, lock);
            return new Held(key, lock, true);
        }
    }

    static RunLock heldOrTaken(RunFolder folder, Consumer<String> tell) {
        synchronized (HELD) {
            String key = key(folder);
            return HELD.containsKey(key) ? new Held(key, HELD.get(key), false) : take(folder, tell);
        }
    }

    /** One folder has one key, whatever the path to it. */
    private static String key(RunFolder folder) {
        if (folder.root().isRemote()) return folder.root().name();
        Path path = folder.root().local().toAbsolutePath().normalize();
        try {
            folder.root().makeFolder();
            return path.toRealPath().toString();
        } catch (IOException e) {
            throw new BadInputException("run folder " + folder.root().name() + " cannot be locked: " + e);
        }
    }

    /** What a taker has; only the first may give the lock back. */
    private record Held(String key, RunLock lock, boolean own) implements RunLock {
        @Override
        public void onLoss(Consumer<String> lost) {
            lock.onLoss(lost);
        }

        @Override
        public void close() {
            if (!own) return;
            synchronized (HELD) {
                if (HELD.remove(key, lock)) lock.close();
            }
        }
    }
}
