package io.tramontane.cluster.roles;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells the listener everything on one thread, so that neither the ledger nor a role waits for a page to be written. */
final class Telling implements AutoCloseable {
    private final RunListener listener;
    private final Consumer<Throwable> failed;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "telling");
        created.setDaemon(true);
        return created;
    });

    /** What the listener throws goes to {@code failed}. */
    Telling(RunListener listener, Consumer<Throwable> failed) {
        this.listener = listener;
        this.failed = failed;
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
        finish(Duration.ofSeconds(10));
    }
}
