package io.tramontane.cluster.jobs;

import io.tramontane.data.DaemonThreads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Tasks are threads of this process. */
final class ThreadTasks implements TaskRunner {
    private static final long END_SECONDS = 60; // a program under its limits, and the sandbox's own end

    private final int threads;
    private final ExecutorService pool;
    private final LongAdder finished = new LongAdder();

    ThreadTasks(int threads) {
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads, DaemonThreads.named("task"));
    }

    @Override
    public int parallelism() {
        return threads;
    }

    @Override
    public <V> Shared<V> share(V value) {
        return () -> value;
    }

    @Override
    public <T> Future<List<String>> start(List<T> items, Work<T> work) {
        var each = items.stream()
                .map(item -> CompletableFuture.supplyAsync(() -> lines(item, work), pool))
                .toList();
        CompletableFuture<List<String>> all = CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        each.stream().flatMap(one -> one.join().stream()).toList());
        each.forEach(one -> one.exceptionally(failure -> {
            all.completeExceptionally(failure); // at once, not when the others are done
            return List.of();
        }));
        return all;
    }

    private <T> List<String> lines(T item, Work<T> work) {
        List<String> made = work.lines(item);
        finished.add(made.size());
        return made;
    }

    @Override
    public long finished() {
        return finished.sum();
    }

    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS))
                throw new IllegalStateException("tasks still work " + END_SECONDS + " s after they were interrupted");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
