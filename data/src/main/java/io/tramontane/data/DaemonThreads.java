package io.tramontane.data;

import java.util.concurrent.ThreadFactory;

/** Threads that do not keep the process alive: all of the program's own are of this kind. */
public final class DaemonThreads {
    private DaemonThreads() {}

    /** A factory whose threads all have this name, for an executor. */
    public static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
