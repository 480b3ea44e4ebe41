package io.tramontane.cluster.jobs;

import io.tramontane.cluster.Master;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.Future;

/** Where a job's tasks run: threads of this process for {@code local[N]}, Spark's executors for every other master. */
interface TaskRunner extends AutoCloseable {
    /** Tasks of one part for every core, so that one long item does not leave the others idle. */
    int TASKS_PER_CORE = 2;

    /** What a task does with one item: one line of JSON for each row that it holds. */
    interface Work<T> extends Serializable {
        List<String> lines(T item);
    }

    /** Something that every task reads. */
    interface Shared<V> extends Serializable {
        V get();
    }

    /** Threads start at once; Spark takes two seconds of two cores. */
    static TaskRunner of(String name, String master) {
        Master where = Master.of(master);
        return where.inProcess() ? new ThreadTasks(where.threads()) : new SparkTasks(name, where);
    }

    /** Tasks at the same time. */
    int parallelism();

    /** A value that goes to each process once. */
    <V> Shared<V> share(V value);

    /** Starts the work on some items; the lines are in the order of the items. Cancelling interrupts. */
    <T> Future<List<String>> start(List<T> items, Work<T> work);

    /** Lines made so far, also those of tasks under way. */
    long finished();

    @Override
    void close();
}
