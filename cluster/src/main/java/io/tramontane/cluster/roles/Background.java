package io.tramontane.cluster.roles;

import io.tramontane.data.DaemonThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of a role besides its compute thread. The first failure of any of them ends the role. */
final class Background implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final String name;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<ExecutorService> threads = new ArrayList<>();
    private volatile boolean closed;

    Background(String name) {
        this.name = name;
    }

    /** A thread that runs tasks in the order given. */
    ExecutorService thread(String what) {
        ExecutorService thread = Executors.newSingleThreadExecutor(DaemonThreads.named(name + "-" + what));
        threads.add(thread);
        return thread;
    }

    /** Runs something on such a thread; what it throws is kept for {@link #check}. */
    void run(ExecutorService thread, Runnable work) {
        thread.execute(() -> {
            try {
                if (failure.get() == null) work.run();
            } catch (Throwable e) {
                if (closed) LOG.debug("{} was closing", name, e);
                else failure.compareAndSet(null, e);
            }
        });
    }

    /** Throws what a background thread threw. */
    void check() {
        Throwable thrown = failure.get();
        if (thrown != null) throw new IllegalStateException(name + ": " + thrown.getMessage(), thrown);
    }

    boolean failed() {
        return failure.get() != null;
    }

    /** Waits until everything that was begun has ended, for a bounded time. */
    void finish(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        threads.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService thread : threads)
                thread.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        threads.forEach(ExecutorService::shutdownNow);
        finish(Duration.ofSeconds(2));
    }
}
