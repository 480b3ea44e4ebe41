package io.tramontane.cluster.jobs;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What tasks of one process share. To open verifiers takes longer than most tasks (the sandbox is tried first), so they stay
 * open from task to task; Spark offers tasks no place that lives that long but a static field, and threads share it.
 */
final class ProcessWide {
    private static final Map<Object, AutoCloseable> OPEN = new HashMap<>();

    private ProcessWide() {}

    /** The one of this type for this key, opened by the first who asks. */
    static synchronized <T extends AutoCloseable> T get(Class<T> type, Object key, Supplier<T> opening) {
        if (OPEN.isEmpty()) Runtime.getRuntime().addShutdownHook(new Thread(ProcessWide::close));
        return type.cast(OPEN.computeIfAbsent(Map.entry(type, key), k -> opening.get()));
    }

    /** Closes all; nobody may be using them. */
    static synchronized void close() {
        for (AutoCloseable each : OPEN.values()) {
            try {
                each.close();
            } catch (Exception e) { // AutoCloseable's signature; the room's own close throws nothing checked
                throw new IllegalStateException("cannot close " + each, e);
            }
        }
        OPEN.clear();
    }
}
