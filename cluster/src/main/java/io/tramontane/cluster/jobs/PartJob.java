package io.tramontane.cluster.jobs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;

/**
 * Works through parts. Only a few are under way, enough to keep all cores busy while the oldest ends, so neither
 * the input nor the result gathers in the driver:
 *
 * <pre>
 *   rows -> cut into parts -> [ part n+2 | part n+1 | part n ] under way -> n is written -> ...
 * </pre>
 */
final class PartJob implements AutoCloseable {
    private static final int MOST_UNDER_WAY = 64;

    private final TaskRunner runner;

    /** A part whose tasks were started. */
    private record Running(int number, int items, Future<List<String>> lines) {}

    PartJob(String name, String master) {
        this.runner = TaskRunner.of(name, master);
    }

    /** Something that every task reads: it goes to each process once. */
    <V> TaskRunner.Shared<V> share(V value) {
        return runner.share(value);
    }

    /**
     * Works on the parts that are not there yet and keeps each.
     *
     * @param progress told now and then how many rows are finished, those of an earlier run included
     */
    <T> void run(Iterator<Part<T>> parts, TaskRunner.Work<T> work, PartFiles files, LongConsumer progress) {
        Deque<Running> underWay = new ArrayDeque<>();
        long before = 0;
        while (parts.hasNext() || !underWay.isEmpty()) {
            while (parts.hasNext() && hasRoom(underWay)) {
                Part<T> part = parts.next();
                if (files.has(part.number())) before += part.rows();
                else underWay.add(new Running(part.number(), part.items().size(), runner.start(part.items(), work)));
            }
            progress.accept(before + runner.finished());
            if (underWay.isEmpty()) continue;
            Running oldest = underWay.remove();
            files.write(oldest.number(), await(oldest, before, progress));
        }
        progress.accept(before + runner.finished());
    }

    private boolean hasRoom(Deque<Running> underWay) {
        int enough = TaskRunner.TASKS_PER_CORE * runner.parallelism();
        int tasks = underWay.stream()
                .mapToInt(part -> Math.min(part.items(), enough))
                .sum();
        boolean busy = underWay.size() >= 2 && tasks >= enough;
        return !busy && underWay.size() < MOST_UNDER_WAY;
    }

    private List<String> await(Running part, long before, LongConsumer progress) {
        while (true) {
            try {
                return part.lines().get(250, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.accept(before + runner.finished());
            } catch (ExecutionException e) {
                throw new IllegalStateException("part " + part.number() + " failed", e.getCause());
            } catch (InterruptedException e) {
                part.lines().cancel(true);
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the job was interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        runner.close();
        ProcessWide.close();
    }
}
