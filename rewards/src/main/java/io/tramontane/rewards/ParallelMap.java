package io.tramontane.rewards;

import io.tramontane.data.DaemonThreads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Works on the completions of a group at the same time; a group has as many threads as there are cores. */
final class ParallelMap implements AutoCloseable {
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final ExecutorService workers = Executors.newCachedThreadPool(DaemonThreads.named("judge"));

    /**
     * The results in order. What one of them throws is thrown, when all have come to their end.
     *
     * @param count of what {@code work} does, numbered from 0
     */
    <T> List<T> map(int count, IntFunction<T> work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<List<Numbered<T>>>> lines = new ArrayList<>();
        for (int i = 0; i < Math.min(threads, count); i++)
            lines.add(workers.submit(() -> {
                List<Numbered<T>> done = new ArrayList<>();
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement())
                    done.add(new Numbered<>(n, work.apply(n)));
                return done;
            }));
        try {
            return joined(count, lines);
        } finally {
            lines.forEach(line -> line.cancel(true));
        }
    }

    private record Numbered<T>(int number, T result) {}

    private static <T> List<T> joined(int count, List<Future<List<Numbered<T>>>> lines) {
        List<T> results = new ArrayList<>(Collections.nCopies(count, null));
        try {
            for (Future<List<Numbered<T>>> line : lines)
                for (Numbered<T> one : line.get()) results.set(one.number(), one.result());
            return results;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a group was judged", stopped);
        } catch (ExecutionException thrown) {
            if (thrown.getCause() instanceof RuntimeException known) throw known;
            throw new IllegalStateException(thrown.getCause());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
