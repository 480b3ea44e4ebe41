package io.tramontane.cluster.roles;

import io.tramontane.data.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls the listener on one thread, so that neither the ledger nor a role waits for a page to be written. What takes long to
 * compute is computed on a second thread before the listener gets it: the row of a step does not wait for it.
 */
final class ListenerQueue implements AutoCloseable {
    /** Calls that may wait. */
    static final int ROOM = 10_000;

    /** A listener that does not return for so long ends the run. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Duration patience;
    private final Semaphore room = new Semaphore(ROOM);
    private final RunListener listener;
    private final Consumer<Throwable> failed;
    private final ExecutorService thread = singleThread("listener");
    private final ExecutorService computing = singleThread("listener-statistics");

    /** What the listener throws goes to {@code failed}. */
    ListenerQueue(RunListener listener, Consumer<Throwable> failed) {
        this(listener, failed, PATIENCE);
    }

    ListenerQueue(RunListener listener, Consumer<Throwable> failed, Duration patience) {
        this.patience = patience;
        this.listener = listener;
        this.failed = failed;
    }

    private static ExecutorService singleThread(String name) {
        return Executors.newSingleThreadExecutor(DaemonThreads.named(name));
    }

    /** Computes something, which may take long, and hands it to the listener then. */
    <T> void computeThenPost(Supplier<T> slow, BiConsumer<RunListener, T> what) {
        computing.execute(() -> {
            try {
                T found = slow.get();
                post(l -> what.accept(l, found));
            } catch (Throwable e) {
                failed.accept(e);
            }
        });
    }

    /** Waits for what is being computed and takes nothing more of that kind; false if it takes longer than {@code wait}. */
    boolean awaitComputed(Duration wait) {
        computing.shutdown();
        try {
            return computing.awaitTermination(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Queues a call of the listener; waits while too many wait already, so that a slow page slows the run down and fills nothing.
     * When there is no room for too long, the run fails and the call is left out.
     */
    Future<?> post(Consumer<RunListener> what) {
        if (!hasRoom()) {
            failed.accept(stuck());
            return CompletableFuture.completedFuture(null);
        }
        try {
            return thread.submit(() -> {
                try {
                    what.accept(listener);
                } catch (Throwable e) {
                    failed.accept(e);
                } finally {
                    room.release();
                }
            });
        } catch (RejectedExecutionException e) {
            room.release();
            throw e;
        }
    }

    private boolean hasRoom() {
        boolean interrupted = false;
        long end = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                try {
                    return room.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true; // the call counts all the same
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private IllegalStateException stuck() {
        return new IllegalStateException("the run's listener (metrics, report, messages) does not return for "
                + patience.toSeconds() + " s: is the run folder's storage stuck?");
    }

    /** Queues a call of the listener and waits until it has returned, for a bounded time. */
    void postAndWait(Consumer<RunListener> what) {
        try {
            post(what).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            failed.accept(stuck());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | RejectedExecutionException e) {
            failed.accept(e);
        }
    }

    /** Waits until all calls have returned, for a bounded time. */
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
        computing.shutdownNow();
        finish(Duration.ofSeconds(10));
    }
}
