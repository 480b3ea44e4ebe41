package io.tramontane.app.serve;

import io.tramontane.data.DaemonThreads;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Turns tokens into text and JSON beside the engine, on one thread. The engine is never more than some steps ahead: it waits
 * when this thread does not keep up.
 */
final class Teller implements AutoCloseable {
    private static final int STEPS_AHEAD = 64;

    private final ThreadPoolExecutor thread;

    Teller() {
        thread = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(STEPS_AHEAD), DaemonThreads.named("serve-teller"));
        thread.setRejectedExecutionHandler((task, executor) -> {
            try {
                executor.getQueue().put(task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Tells the events of a step in order. */
    void tell(List<Runnable> events) {
        thread.execute(() -> events.forEach(Runnable::run));
    }

    /** Tells what is left, then ends. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
