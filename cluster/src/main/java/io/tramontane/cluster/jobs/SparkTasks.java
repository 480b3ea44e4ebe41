package io.tramontane.cluster.jobs;

import io.tramontane.cluster.Master;
import io.tramontane.cluster.security.SerialFilter;
import io.tramontane.cluster.security.SparkSecurity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;

/** Tasks run in Spark's executors. */
final class SparkTasks implements TaskRunner {
    private static final int MESSAGE_MEBIBYTES = 1_024;

    private final JavaSparkContext spark;
    private final LongAccumulator finished;

    SparkTasks(String name, Master master) {
        SparkConf settings = new SparkConf()
                .setAppName("tramontane " + name)
                .setMaster(master.url())
                .setIfMissing("spark.rpc.message.maxSize", Integer.toString(MESSAGE_MEBIBYTES))
                .setIfMissing("spark.ui.enabled", "false")
                .setIfMissing("spark.ui.showConsoleProgress", "false");
        SerialFilter.passTo(settings);
        if (master.oneMachine()) SparkSecurity.close(settings);
        this.spark = new JavaSparkContext(settings);
        this.finished = spark.sc().longAccumulator("rows finished");
    }

    @Override
    public int parallelism() {
        return spark.defaultParallelism();
    }

    @Override
    public <V> Shared<V> share(V value) {
        Broadcast<V> copies = spark.broadcast(value);
        return copies::value;
    }

    @Override
    public <T> Future<List<String>> start(List<T> items, Work<T> work) {
        LongAccumulator done = finished;
        int tasks = Math.min(items.size(), TASKS_PER_CORE * parallelism());
        return spark.parallelize(items, tasks)
                .mapPartitions(some -> {
                    List<String> results = new ArrayList<>();
                    while (some.hasNext()) {
                        List<String> made = work.lines(some.next());
                        results.addAll(made);
                        done.add(made.size());
                    }
                    return results.iterator();
                })
                .collectAsync();
    }

    @Override
    public long finished() {
        return finished.value();
    }

    @Override
    public void close() {
        spark.stop();
    }
}
