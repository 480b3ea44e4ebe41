package io.tramontane.cluster.jobs;

import io.tramontane.cluster.Master;
import io.tramontane.cluster.security.SerialFilter;
import io.tramontane.cluster.security.SparkSecurity;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/**
 * Works through parts on Spark. Only a few are under way, enough to keep all cores busy while the oldest ends, so neither
 * the input nor the result gathers in the driver:
 *
 * <pre>
 *   rows -> cut into parts -> [ part n+2 | part n+1 | part n ] under way -> n is written -> ...
 * </pre>
 */
final class PartJob implements AutoCloseable {
    private static final int TASKS_PER_CORE = 2;
    private static final int MOST_UNDER_WAY = 64;
    private static final int MESSAGE_MEBIBYTES = 1_024;

    private final JavaSparkContext spark;
    private final LongAccumulator finished;

    /** What a task does with one item: one line of JSON for each row that it holds. */
    interface Work<T> extends Serializable {
        List<String> lines(T item);
    }

    /** A part whose tasks were started. */
    private record Running(int number, int tasks, JavaFutureAction<List<String>> lines) {}

    PartJob(String name, String master) {
        SparkConf settings = new SparkConf()
                .setAppName("tramontane " + name)
                .setMaster(master)
                .setIfMissing("spark.rpc.message.maxSize", Integer.toString(MESSAGE_MEBIBYTES))
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.ui.showConsoleProgress", "false");
        SerialFilter.passTo(settings);
        if (Master.of(master).oneMachine()) SparkSecurity.close(settings);
        this.spark = new JavaSparkContext(settings);
        this.finished = spark.sc().longAccumulator("rows finished");
    }

    /** Something that every task reads: it goes to each executor once. */
    <V> Broadcast<V> share(V value) {
        return spark.broadcast(value);
    }

    /**
     * Works on the parts that are not there yet and keeps each.
     *
     * @param progress told now and then how many rows are finished, those of an earlier run included
     */
    <T> void run(Iterator<Part<T>> parts, Work<T> work, PartFiles files, LongConsumer progress) {
        Deque<Running> underWay = new ArrayDeque<>();
        long before = 0;
        while (parts.hasNext() || !underWay.isEmpty()) {
            while (parts.hasNext() && hasRoom(underWay)) {
                Part<T> part = parts.next();
                if (files.has(part.number())) before += part.rows();
                else underWay.add(start(part, work));
            }
            progress.accept(before + finished.value());
            if (underWay.isEmpty()) continue;
            Running oldest = underWay.remove();
            files.write(oldest.number(), await(oldest, before, progress));
        }
        progress.accept(before + finished.value());
    }

    private boolean hasRoom(Deque<Running> underWay) {
        int tasks = underWay.stream().mapToInt(Running::tasks).sum();
        boolean busy = underWay.size() >= 2 && tasks >= TASKS_PER_CORE * spark.defaultParallelism();
        return !busy && underWay.size() < MOST_UNDER_WAY;
    }

    private <T> Running start(Part<T> part, Work<T> work) {
        LongAccumulator done = finished;
        int tasks = Math.min(part.items().size(), TASKS_PER_CORE * spark.defaultParallelism());
        var lines = spark.parallelize(part.items(), tasks).mapPartitions(items -> {
            List<String> results = new ArrayList<>();
            while (items.hasNext()) {
                List<String> made = work.lines(items.next());
                results.addAll(made);
                done.add(made.size());
            }
            return results.iterator();
        });
        return new Running(part.number(), tasks, lines.collectAsync());
    }

    private List<String> await(Running part, long before, LongConsumer progress) {
        while (true) {
            try {
                return part.lines().get(250, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                progress.accept(before + finished.value());
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
        spark.stop();
        ProcessWide.close();
    }
}
