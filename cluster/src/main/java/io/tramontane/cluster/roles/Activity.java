package io.tramontane.cluster.roles;

import io.tramontane.model.Cores;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a task's compute thread does, for its {@link Heartbeat}. A thread that computes is alive as long as it takes CPU time; one that
 * waits for others, a file system or a device says so, since such a wait has a deadline of its own. While it waits, others may have
 * its core.
 */
final class Activity implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Thread compute;
    private final Cores cores;
    private volatile LongSupplier helpers = () -> 0;
    private final AtomicLong moved = new AtomicLong();
    private volatile String text = "starts";
    private volatile boolean waits = true;

    /** Of the calling thread, which waits until it says otherwise: it has yet to load what it computes with. */
    Activity() {
        this(Cores.ofProcess());
    }

    /** The same with cores that others of this process share. */
    Activity(Cores cores) {
        this.compute = Thread.currentThread();
        this.cores = cores;
    }

    /** The thread has helpers; {@code cpuNanos} is the CPU time that they have taken so far. */
    void helpedBy(LongSupplier cpuNanos) {
        helpers = cpuNanos;
    }

    /** The thread computes this now. */
    void computes(String what) {
        text = what;
        waits(false);
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
        waits(true);
        try {
            return wait.get();
        } finally {
            text = before;
            waits(waited);
            moved();
        }
    }

    private synchronized void waits(boolean now) {
        if (waits && !now) cores.enter();
        if (!waits && now) cores.leave();
        waits = now;
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
        long own = THREADS.getThreadCpuTime(compute.getId());
        return new Messages.Doing(text, waits, moved.get(), own < 0 ? own : own + helpers.getAsLong());
    }

    /** The task ends. */
    @Override
    public void close() {
        waits(true);
    }
}
