package io.tramontane.cluster.roles;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What a task's compute thread does, for its {@link Heartbeat}. A thread that computes is alive as long as it takes CPU time; one that
 * waits for others, a file system or a device says so, since such a wait has a deadline of its own.
 */
final class Activity {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread compute;
    private final AtomicLong moved = new AtomicLong();
    private volatile String text = "starts";
    private volatile boolean waits = true;

    /** Of the calling thread, which waits until it says otherwise: it has yet to load what it computes with. */
    Activity() {
        compute = Thread.currentThread();
    }

    /** The thread computes this now. */
    void computes(String what) {
        text = what;
        waits = false;
        moved();
    }

    /** The thread has got on with what it computes. */
    void moved() {
        moved.incrementAndGet();
    }

    /** The thread waits for this, then goes on with what it did before. */
    <T> T waits(String what, Supplier<T> wait) {
        String before = text;
        boolean waited = waits;
        text = what;
        waits = true;
        try {
            return wait.get();
        } finally {
            text = before;
            waits = waited;
            moved();
        }
    }

    /** Like {@link #waits(String, Supplier)}. */
    void waits(String what, Runnable wait) {
        waits(what, () -> {
            wait.run();
            return null;
        });
    }

    /** How it is now. */
    Messages.Doing doing() {
        return new Messages.Doing(text, waits, moved.get(), THREADS.getThreadCpuTime(compute.getId()));
    }
}
