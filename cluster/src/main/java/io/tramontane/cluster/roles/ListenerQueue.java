package io.tramontane.cluster.roles;

import io.tramontane.data.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells the listener everything on one thread, so that neither the ledger nor a role waits for a page to be written. What
 * takes long to work out has another thread before it is told: a step that is told now does not wait for it.
 */
final class ListenerQueue implements AutoCloseable {
    private final RunListener listener;
    private final Consumer<Throwable> failed;
    private final ExecutorService thread = line("listeners");
    private final ExecutorService working = line("working out");

    /** What the listener throws goes to {@code failed}. */
    ListenerQueue(RunListener listener, Consumer<Throwable> failed) {
        this.listener = listener;
        this.failed = failed;
    }

    private static ExecutorService line(String name) {
        return Executors.newSingleThreadExecutor(DaemonThreads.named(name));
    }

    /** Works something out, which may take long, and then tells it. */
    <T> void tell(Supplier<T> slow, BiConsumer<RunListener, T> what) {
        working.execute(() -> {
            try {
                T found = slow.get();
                tell(l -> what.accept(l, found));
            } catch (Throwable e) {
                failed.accept(e);
            }
        });
    }

    /** Waits for what is being worked out, after which there is nothing more of it; false if that takes too long. */
    boolean settle(Duration wait) {
        working.shutdown();
        try {
            return working.awaitTermination(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tells something, some time. */
    Future<?> tell(Consumer<RunListener> what) {
        return thread.submit(() -> {
            try {
                what.accept(listener);
            } catch (Throwable e) {
                failed.accept(e);
            }
        });
    }

    /** Tells something and waits until the listener is done with it. */
    void tellNow(Consumer<RunListener> what) {
        try {
            tell(what).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException e) {
            failed.accept(e);
        }
    }

    /** Waits until everything is told, for a bounded time. */
    void finish(Duration wait) {
        thread.shutdown();
        try {
            thread.awaitTermination(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        working.shutdownNow();
        finish(Duration.ofSeconds(10));
    }
}
