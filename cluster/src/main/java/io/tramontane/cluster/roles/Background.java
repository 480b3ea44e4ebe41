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

/** The threads beside a role's compute thread. The first failure of any of them ends the role. */
final class Background implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final String name;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<ExecutorService> threads = new ArrayList<>();
    private volatile boolean closed;

    Background(String name) {
        this.name = name;
    }

    /** A thread that does one thing after the other, in the order given. */
    ExecutorService line(String what) {
        ExecutorService line = Executors.newSingleThreadExecutor(DaemonThreads.named(name + "-" + what));
        threads.add(line);
        return line;
    }

    /** Runs something on a line; what it throws is kept for {@link #check}. */
    void on(ExecutorService line, Runnable work) {
        line.execute(() -> {
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

    /** Lets everything that was begun come to its end, for a bounded time. */
    void finish(Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        threads.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService line : threads)
                line.awaitTermination(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
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
